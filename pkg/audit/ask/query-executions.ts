import type { Database } from "../append.ts";
import { findExecutions } from "../sql/find-executions.ts";
import type { ExecutionFilter } from "./execution-filter.ts";
import type { ExecutionRecord } from "./execution-record.ts";

/** The executions that a filter lets through, the newest record first. */
export async function queryExecutions(
  database: Database,
  filter: ExecutionFilter,
): Promise<readonly ExecutionRecord[]> {
  const { text, values } = findExecutions(filter);
  return (await database.query(text, values)).rows as readonly ExecutionRecord[];
}
