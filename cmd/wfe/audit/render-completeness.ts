import type {
  CompletenessCheck,
  KnownCluster,
  PendingEvents,
} from "../../../pkg/audit/completeness/completeness-check.ts";
import type { Finding } from "../../../pkg/audit/completeness/finding.ts";
import { formatGoDuration } from "../../../pkg/tekton/go-duration.ts";
import { oneLine } from "../output/one-line.ts";

/** Enough to see what is wrong. */
const MAX_SHOWN = 200;

export interface CompletenessReport {
  readonly findings: readonly Finding[];
  /** Objects that seem to be wrong, and were not read again. */
  readonly unread: number;
  readonly check: Pick<CompletenessCheck, "size" | "clusters" | "pending">;
  readonly cluster: KnownCluster;
  /** Milliseconds since 1970, by the API server's clock. */
  readonly now: number;
}

/** The verdict, what was compared, what waits, and the findings. */
export function renderCompleteness(report: CompletenessReport): readonly string[] {
  const { findings, unread, check, cluster, now } = report;
  const verdict = findings.length === 0 ? "PASS" : `FAIL: ${String(findings.length)} findings`;
  const { events, objects } = check.size;
  const there = `${String(cluster.objects.length)} objects and ${String(cluster.runs.length)} runs in the cluster`;
  return [
    `${verdict}; compared ${String(events)} events of ${String(objects)} objects with ${there}`,
    ...waiting(check.pending, now),
    ...severalClusters(check.clusters),
    ...findings.slice(0, MAX_SHOWN).map(({ kind, subject, detail }) => oneLine(`${subject}: ${kind}: ${detail}`)),
    ...more(findings.length - MAX_SHOWN, "more findings"),
    ...more(unread, "more objects that seem to be wrong and were not read again"),
  ];
}

function waiting({ events, objects, oldestAt }: PendingEvents, now: number): readonly string[] {
  if (oldestAt === undefined) return [];
  const age = formatGoDuration(Math.max(0, now - Date.parse(oldestAt)));
  return [`waiting to be recorded: ${String(events)}, in ${String(objects)} objects, the oldest for ${age}`];
}

/** The executions of another cluster look as if they were gone. */
function severalClusters(clusters: ReadonlySet<string>): readonly string[] {
  if (clusters.size < 2) return [];
  const names = [...clusters].map((name) => `"${name}"`).join(", ");
  return [`the trail has events of several clusters (${names}): say which with --cluster-id`];
}

function more(count: number, what: string): readonly string[] {
  return count > 0 ? [`and ${String(count)} ${what}`] : [];
}
