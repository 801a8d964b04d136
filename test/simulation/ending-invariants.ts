import type { WorkflowExecution, WorkflowExecutionStatus } from "../../pkg/api/workflow-execution.ts";
import { read, type State } from "./layout.ts";
import { OUTCOMES } from "./tekton.ts";
import type { World } from "./world.ts";

interface Change {
  readonly index: number;
  readonly before: WorkflowExecution;
  readonly after: WorkflowExecution;
}

const NEXT: Readonly<Record<string, readonly string[]>> = {
  Pending: ["Pending", "Running", "Completed", "Failed", "Skipped"],
  Running: ["Running", "Completed", "Failed"],
  Completed: ["Completed"],
  Failed: ["Failed"],
  Skipped: ["Skipped"],
};

/** I5, I6 and I7 for executions: what a status write may change. Answers with the new terminal phase. Throws Violation. */
export function checkEnding(world: World, { index, before, after }: Change, state: State): string | undefined {
  const was = before.status?.phase ?? "Pending";
  const status = after.status ?? { phase: was };
  world.must(NEXT[was]?.includes(status.phase) === true, "I5", `phase ${was} became ${status.phase}`);
  world.must(keepsRun(before, status), "I5", "executionRef changed");
  if (was === status.phase || status.phase === "Running") return undefined;
  checkReason(world, { index, after, status }, state);
  return status.phase;
}

function keepsRun({ status }: WorkflowExecution, next: WorkflowExecutionStatus): boolean {
  const ref = status?.executionRef?.uid;
  return ref === undefined || next.executionRef?.uid === ref;
}

interface Ending {
  readonly index: number;
  readonly after: WorkflowExecution;
  readonly status: WorkflowExecutionStatus;
}

function checkReason(world: World, ending: Ending, state: State): void {
  const { index, status } = ending;
  const outcome = read(state, world.layout.ghost(index, "outcome"));
  const isStarted = read(state, world.layout.ghost(index, "started")) !== 0;
  const hasWorked = read(state, world.layout.ghost(index, "worked")) === 1;
  const isDenied = status.failureDetails?.wasExecutionFailure === false && hasWorked;
  const why = `${status.reason ?? ""}, ${status.message ?? ""}`;
  world.must(status.phase !== "Completed" || outcome === OUTCOMES.succeeded, "I6", "Completed without a success");
  world.must(status.phase !== "Skipped" || !isStarted, "I6", "Skipped although its run was started");
  world.must(!isDenied, "I6", `Failed as if nothing had run: ${why}`);
  world.must(status.phase !== "Failed" || isReason(world, ending, state), "I7", `Failed for no reason: ${why}`);
}

function isReason(world: World, { index, after, status }: Ending, state: State): boolean {
  const outcome = read(state, world.layout.ghost(index, "outcome"));
  if (outcome === OUTCOMES.failed || outcome === OUTCOMES.cancelled) return true;
  const { creationTimestamp = "", deletionTimestamp } = after.metadata;
  if (status.reason === "ExternallyDeleted") return read(state, world.layout.ghost(index, "lost")) !== 0;
  if (status.reason === "Cancelled") return deletionTimestamp !== undefined;
  const deadline = Date.parse(creationTimestamp) + world.bounds.policy.defaultMaxDelayMs;
  return status.reason === "DeadlineExceeded" && world.now(state) >= deadline;
}
