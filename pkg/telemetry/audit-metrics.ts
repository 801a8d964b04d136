import { Counter, type Registry } from "prom-client";
import { registerCounter } from "./counter.ts";
import { registerSeconds } from "./histogram.ts";

/** What may become of a checkpoint of the trail (audit/checkpoint/checkpoint-keeper.ts). */
const CHECKPOINT_RESULTS = ["written", "failed", "lost", "forged"] as const;
type CheckpointResult = (typeof CHECKPOINT_RESULTS)[number];

/** What is counted of the way from the outbox to PostgreSQL, and of what proves it. All times are in seconds. */
export interface AuditMetrics {
  /** PostgreSQL has committed the event. `type` as in the outbox: `workflowexecution.workflow.started`. */
  recorded(type: string): void;
  /** One batch (a transaction of many events) took so long, whether it succeeded or not. */
  batchSent(seconds: number): void;
  /** A batch failed and is sent again, or an event was refused. */
  failed(): void;
  /** So many checkpoints were written, couldn't be written, are no longer true of the trail, or were forged. */
  checkpoints(result: CheckpointResult, count?: number): void;
}

/** Registers the metrics of the audit trail (api.md section 5). */
export function registerAuditMetrics(registry: Registry): AuditMetrics {
  const records = new Counter({
    name: "workflowexecution_audit_records_total",
    help: "Audit events that PostgreSQL has committed, by phase: the last word of an execution's event, the whole type of an event of the trail.",
    labelNames: ["phase"],
    registers: [registry],
  });
  const errors = new Counter({
    name: "workflowexecution_audit_record_errors_total",
    help: "Batches of audit events that failed (they are sent again) and events that were refused.",
    registers: [registry],
  });
  const checkpoints = registerCounter({
    registry,
    name: "workflowexecution_audit_checkpoints_total",
    help: "Checkpoints of the audit trail by what became of them: written, failed (it is tried again), lost (the trail isn't what it was then), or forged.",
    label: "result",
    values: CHECKPOINT_RESULTS,
  });
  const duration = registerSeconds({
    registry,
    name: "workflowexecution_audit_record_duration_seconds",
    help: "Time to write one batch of audit events to PostgreSQL.",
    labelNames: [],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15],
  });
  return {
    recorded: (type) => {
      records.inc({ phase: phaseOf(type) });
    },
    batchSent: (seconds) => {
      duration({}, seconds);
    },
    failed: () => {
      errors.inc();
    },
    checkpoints,
  };
}

/** An execution that has started isn't a controller that has: `audit.started` stays as it is. */
function phaseOf(type: string): string {
  return type.startsWith("workflowexecution.") ? type.slice(type.lastIndexOf(".") + 1) : type;
}
