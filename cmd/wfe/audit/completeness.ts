import type { Compared } from "../../../pkg/audit/completeness/compared.ts";
import { checkObject } from "../../../pkg/audit/completeness/check-object.ts";
import { CompletenessCheck } from "../../../pkg/audit/completeness/completeness-check.ts";
import type { KnownCluster } from "../../../pkg/audit/completeness/completeness-check.ts";
import type { Finding } from "../../../pkg/audit/completeness/finding.ts";
import { lastDropped, recordedEvents, recordedEventsOf } from "../../../pkg/audit/completeness/read-recorded-events.ts";
import { readDatabase } from "../../../pkg/audit/read-database.ts";
import type { Connection } from "../../../pkg/kube/connection.ts";
import { readCluster, readObject } from "./known-cluster.ts";
import type { CompletenessCommand } from "./parse-completeness.ts";
import { renderCompleteness } from "./render-completeness.ts";
import type { AuditSurroundings } from "./surroundings.ts";
import { withConnection } from "./with-connection.ts";

/** Whoever sees so many has to look for one cause. */
const ENOUGH_FINDINGS = 100;

/**
 * Compares cluster and trail, both ways; prints PASS, or what was found. Gives the exit code.
 *
 * @throws ApiError, DatabaseError or a connection's error where one can't be read: then nothing is known
 */
export async function auditCompleteness(
  command: CompletenessCommand,
  surroundings: AuditSurroundings,
): Promise<number> {
  return withConnection(command.kubeconfig ?? surroundings.kubeconfig, async (connection) => {
    const url = surroundings.databaseUrl();
    const cluster = await readCluster(connection);
    const check = await compare(url, cluster, command.clusterId);
    const { findings, unread } = await confirmed({ url, connection, suspects: check.finish() });
    const all = [...findings, ...check.unrecordedRuns()];
    const now = connection.clock.now();
    const lines = renderCompleteness({ findings: all, unread, check, cluster, now });
    surroundings.print(lines.join("\n"));
    return all.length === 0 ? 0 : 1;
  });
}

async function compare(url: string, cluster: KnownCluster, clusterId: string | undefined): Promise<CompletenessCheck> {
  return readDatabase(url, async (client) => {
    const check = new CompletenessCheck(cluster, await lastDropped(client));
    for await (const event of recordedEvents(client, clusterId)) check.accept(event);
    return check;
  });
}

interface Doubt {
  readonly url: string;
  readonly connection: Connection;
  readonly suspects: readonly Compared[];
}

interface Confirmed {
  readonly findings: readonly Finding[];
  /** How many suspects were not read again, because enough is wrong already. */
  readonly unread: number;
}

/** Each suspect alone, read anew: what has only moved on meanwhile isn't wrong. */
async function confirmed({ url, connection, suspects }: Doubt): Promise<Confirmed> {
  const findings: Finding[] = [];
  for (const [index, suspect] of suspects.entries()) {
    if (findings.length >= ENOUGH_FINDINGS) return { findings, unread: suspects.length - index };
    const before = await readObject(connection, suspect);
    const { rows, droppedTo } = await readDatabase(url, async (client) => ({
      rows: await recordedEventsOf(client, suspect.uid),
      droppedTo: await lastDropped(client),
    }));
    const after = await readObject(connection, suspect);
    findings.push(...checkObject({ before, rows, after, droppedTo }));
  }
  return { findings, unread: 0 };
}
