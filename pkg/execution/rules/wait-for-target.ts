/**
 * onBusy and onCooldown: Wait. A waiter stays Pending and says in its status for what and behind whom; it is looked at
 * again when the lock changes, when a waiting time is over, and when another waiter ends. The order among waiters is
 * creationTimestamp, then uid. It is a matter of fairness, so caches may decide it; the lock decides who runs.
 */
import { fromTimestamp, toTimestampCeil } from "../../api/time.ts";
import type { WorkflowExecution } from "../../api/workflow-execution.ts";
import type { Policy } from "../policy.ts";
import type { Case } from "../rule.ts";
import { startDeadline } from "../start-deadline.ts";
import type { Step } from "../step.ts";
import { isWaitingReason, WAITING_FOR } from "../waiting.ts";
import { writeStatus } from "../write-status.ts";
import { targetObstacle, type Obstacle, type TargetNow } from "./target-obstacle.ts";

/** What an execution can wait for. A block is not waited for: only a person can lift it. */
type Bearable = Exclude<Obstacle, { readonly kind: "blocked" }>;

/** Whether the execution wants to wait until this is out of the way. */
export function isWaitedFor(w: WorkflowExecution, obstacle: Obstacle): obstacle is Bearable {
  if (obstacle.kind === "blocked") return false;
  return (obstacle.kind === "cooldown" ? w.spec.onCooldown : w.spec.onBusy) === "Wait";
}

/** Stays Pending until the obstacle is gone, or it is too late to start. */
export function waitFor(c: Case, obstacle: Bearable): Step {
  const until = obstacle.kind === "busy" ? undefined : obstacle.until;
  return stay(c, { reason: WAITING_FOR[obstacle.kind], message: whatFor(obstacle), until });
}

/** Without the time that is left: the status would have to be written again and again. */
function whatFor(obstacle: Bearable): string {
  if (obstacle.kind === "busy") return obstacle.details.message;
  return `earliest start ${toTimestampCeil(obstacle.until)}, when the ${obstacle.kind} of its workflow on the target is over`;
}

/** The earliest waiter before this execution that could take the target now; undefined where it is this one's turn. */
export function waiterAhead(c: Case, at: TargetNow): WorkflowExecution | undefined {
  return waitersBefore(c).find((other) => targetObstacle(other, at) === undefined);
}

/** Lets an earlier waiter have the target: nobody overtakes. */
export function waitForTurn(c: Case, ahead: WorkflowExecution): Step {
  const { namespace = "", name } = ahead.metadata;
  const message = `the target is free, and execution ${namespace}/${name} has waited longer for it`;
  return stay(c, { reason: WAITING_FOR.turn, message, until: startDeadline(ahead, c.policy) });
}

interface Stay {
  readonly reason: string;
  readonly message: string;
  /** When it looks again (ms), though nothing has changed; its start deadline where nothing is said. */
  readonly until?: number | undefined;
}

/** Stays Pending, in line by its age, for that reason; the message must not change while nothing but time passes. */
export function stay(c: Case, { reason, message, until = Infinity }: Stay): Step {
  const { s, w, policy } = c;
  const position = waitersBefore(c).length + 1;
  const deadline = startDeadline(w, policy);
  const text = `position ${String(position)}, until ${toTimestampCeil(deadline)} at the latest: ${message}`;
  const write = writeStatus(s, w, {
    status: { reason, message: text },
    conditions: [{ type: "ResourceLocked", status: "False", reason, message: text }],
  });
  return write ?? { type: "Wait", until: Math.min(until, deadline) };
}

function waitersBefore({ s, w, policy }: Case): readonly WorkflowExecution[] {
  return s.waiting.filter((other) => isWaiting(other, policy, s.now) && precedes(other, w)).toSorted(byAge);
}

/** It has said so, and may still start: whoever is stuck holds nobody back beyond its own deadline. */
function isWaiting(w: WorkflowExecution, policy: Policy, now: number): boolean {
  const { status, metadata } = w;
  if (status?.phase !== "Pending" || status.executionRef !== undefined) return false;
  if (metadata.deletionTimestamp !== undefined || !isWaitingReason(status.reason)) return false;
  return now < startDeadline(w, policy);
}

function precedes(a: WorkflowExecution, b: WorkflowExecution): boolean {
  return byAge(a, b) < 0;
}

function byAge(a: WorkflowExecution, b: WorkflowExecution): number {
  const [created, other] = [a, b].map(({ metadata }) => fromTimestamp(metadata.creationTimestamp ?? ""));
  return (created ?? 0) - (other ?? 0) || ((a.metadata.uid ?? "") < (b.metadata.uid ?? "") ? -1 : 1);
}
