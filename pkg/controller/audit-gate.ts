/**
 * Executions that an audit trail far behind holds back (rules/closed-by-audit.ts) are woken when it is within its limits
 * again. Nobody polls: whoever was shown a closed gate says so in its status, and its own write wakes it once more; so it
 * is enough to wake those who say it, whenever the gate was shown closed and is open again.
 */
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import { fromTimestamp } from "../api/time.ts";
import { isAuditClosed } from "../execution/audit-closed.ts";
import type { Policy } from "../execution/policy.ts";
import type { AuditBacklog } from "../execution/snapshot.ts";
import { WAITING_FOR } from "../execution/waiting.ts";
import type { Clock } from "../runtime/clock.ts";
import type { StoreReader } from "../runtime/store.ts";
import { executionKey } from "./keys.ts";

export interface AuditGateOptions {
  readonly executions: Pick<StoreReader<WorkflowExecution, "waiting">, "byIndex">;
  /** What the audit side has still to commit, and when the oldest of it happened (RFC 3339). */
  readonly outstanding: () => { readonly events: number; readonly oldestAt?: string };
  readonly policy: Policy;
  /** The API server's. */
  readonly clock: Clock;
  /** Takes the key of an execution that is to be looked at again. */
  readonly wake: (key: string) => void;
}

export interface AuditGate {
  /** What is shown to whoever decides about an execution. */
  backlog(): AuditBacklog;
  /** Whether executions are held back now. */
  isClosed(): boolean;
  /** To be called whenever there may be less to commit than before: wakes who was held back. Cheap. */
  update(): void;
}

/** An open gate. */
export function createAuditGate({ executions, outstanding, policy, clock, wake }: AuditGateOptions): AuditGate {
  let wasShownClosed = false;
  return {
    backlog() {
      const shown = backlog();
      wasShownClosed ||= isAuditClosed(shown, policy);
      return shown;
    },
    isClosed: () => isAuditClosed(backlog(), policy),
    update() {
      if (!wasShownClosed || isAuditClosed(backlog(), policy)) return;
      wasShownClosed = false;
      for (const { metadata } of executions.byIndex("waiting", WAITING_FOR.audit)) wake(executionKey(metadata));
    },
  };

  function backlog(): AuditBacklog {
    const { events, oldestAt } = outstanding();
    return { events, ageMs: oldestAt === undefined ? 0 : Math.max(0, clock.now() - fromTimestamp(oldestAt)) };
  }
}
