import type { StepState } from "../api/tekton.ts";
import type { FailedTask } from "./failed-task.ts";
import { int32, items, text } from "./lenient.ts";
import { hasStepStarted, isInvented, STEP_CONTAINER } from "./started.ts";

/** The step that is to blame for a failed task. */
export interface FailedStep {
  readonly name: string;
  /** From 0, in the order of the task. */
  readonly index: number;
  readonly total: number;
  /** Only where the step ended by itself: what Tekton and the kubelet invent is left out (failures.md section 3). */
  readonly exitCode?: number;
}

/** The kubelet lost the container: its exit code 137 is made up. */
export const LOST = "ContainerStatusUnknown";

/** Steps that ran on or never ran because of others: `onError: continue`, and all after the failed one. */
const NOT_TO_BLAME: ReadonlySet<string> = new Set(["Continued", "Skipped"]);
/** A pod that is still being made: no sign of trouble. */
const NORMAL_WAITING: ReadonlySet<string> = new Set(["", "ContainerCreating", "PodInitializing"]);
/** tektoncd pkg/reconciler/taskrun/taskrun.go, checkContainerFailure. */
const NAMED_IN_MESSAGE = /^the step "([^"]+)" in TaskRun /;

/** The step to blame: the one that was killed, that failed first, that could not start, or that ran when time was up. */
export function failedStep(task: FailedTask): FailedStep | undefined {
  const index = [isOutOfMemory, isFailed, namedIn(task), isWaitingIn(task), wasStopped(task)]
    .map((blamed) => task.steps.findIndex(blamed))
    .find((found) => found >= 0);
  const step = index === undefined ? undefined : task.steps[index];
  if (index === undefined || step === undefined) return undefined;
  const exitCode = ownExitCode(step);
  return {
    name: text(step.name),
    index,
    total: task.steps.length,
    ...(exitCode === undefined ? {} : { exitCode }),
  };
}

/** Whether the kernel killed this container for its memory. The exit code doesn't tell: it can be 137, 255 and even 0. */
export function isOutOfMemory(container: Pick<StepState, "terminated">): boolean {
  return container.terminated?.reason === "OOMKilled";
}

/** The exit code, where the program of the step made it. */
function ownExitCode({ terminated }: StepState): number | undefined {
  if (!terminated || isInvented(terminated) || terminated.reason === LOST) return undefined;
  return int32(terminated.exitCode);
}

function isFailed(step: StepState): boolean {
  if (!step.terminated || isInvented(step.terminated)) return false;
  return step.terminated.exitCode !== 0 && !NOT_TO_BLAME.has(text(step.terminationReason));
}

function namedIn(task: FailedTask): (step: StepState) => boolean {
  const name = NAMED_IN_MESSAGE.exec(task.message)?.[1];
  return (step) => name !== undefined && step.name === name;
}

function isWaitingIn(task: FailedTask): (step: StepState) => boolean {
  const waiting = items(task.pod?.status?.containerStatuses).filter(
    ({ state }) => !NORMAL_WAITING.has(text(state?.waiting?.reason)),
  );
  const inPod = new Set(waiting.map(({ name }) => text(name)));
  return (step) =>
    !NORMAL_WAITING.has(text(step.waiting?.reason)) ||
    inPod.has(text(step.container) || STEP_CONTAINER + text(step.name));
}

/** Steps run one after the other: the first that Tekton had to stop is the one that was running. */
function wasStopped(task: FailedTask): (step: StepState) => boolean {
  return (step) => !!step.terminated && isInvented(step.terminated) && hasStepStarted(step, task.taskRun);
}
