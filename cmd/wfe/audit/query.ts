import { queryExecutions } from "../../../pkg/audit/ask/query-executions.ts";
import { readDatabase } from "../../../pkg/audit/read-database.ts";
import { resolveMoment } from "./moment.ts";
import type { QueryCommand } from "./parse-query.ts";
import { renderExecutions } from "./render-executions.ts";
import type { AuditSurroundings } from "./surroundings.ts";

/** Shows executions; says on standard error where there are more. */
export async function auditQuery(command: QueryCommand, surroundings: AuditSurroundings): Promise<void> {
  const { filter, since, until, output } = command;
  const { databaseUrl, write, tell, width, now } = surroundings;
  const wanted = {
    ...filter,
    limit: filter.limit + 1,
    ...(since === undefined ? {} : { since: resolveMoment(since, now()) }),
    ...(until === undefined ? {} : { until: resolveMoment(until, now()) }),
  };
  const found = await readDatabase(databaseUrl(), (client) => queryExecutions(client, wanted));
  write(renderExecutions(found.slice(0, filter.limit), output, width));
  if (found.length > filter.limit) tell(`only the newest ${String(filter.limit)}; --limit shows more`);
}
