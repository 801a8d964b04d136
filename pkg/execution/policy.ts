import type { HistoryPolicy } from "../lock/history.ts";

/** The part of the configuration that decisions depend on. Times are milliseconds. */
export interface Policy extends HistoryPolicy {
  /** This cluster's name; an execution for another one is refused. */
  readonly clusterId: string;
  /** Parameters whose values may be seen; those of all others are taken out of texts that somebody else has written. */
  readonly shownParameters: readonly string[];
  readonly executionNamespace: string;
  readonly serviceAccountName: string;
  readonly defaultTimeoutMs: number;
  readonly defaultMaxDelayMs: number;
  /** How long a target stays locked after its run was deleted by somebody else. */
  readonly externalDeletionSettleMs: number;
  /** How long a deleted execution outlives the commit of its last audit row (asynchronous failover may lose one). */
  readonly auditSettleMs: number;
  /** strict: a run starts only after the event of its start is committed in PostgreSQL. */
  readonly auditMode: "relaxed" | "strict";
  /** While more events than this wait to be committed, or one for longer than that, no execution takes its target. */
  readonly auditBacklogMaxEvents: number;
  readonly auditBacklogMaxAgeMs: number;
  /** A started run of which nothing moved for so long, and of which no step runs, is called stuck. */
  readonly stuckAfterMs: number;
  /** How long a finished run is kept for people to look at. */
  readonly keepRunsMs: number;
  /** How many finished runs are kept; the oldest go first. */
  readonly keepRuns: number;
}
