import type { StepState } from "../api/tekton.ts";
import type { FailedTask } from "./failed-task.ts";
import { int32, text } from "./lenient.ts";
import { STEP_CONTAINER, stepContainersOf } from "./seen-pods.ts";
import { hasStepStarted, isInvented, isLost } from "./started.ts";

/** The step that is to blame for a failed task. */
export interface FailedStep {
  readonly name: string;
  /** From 0, in the order of the task. */
  readonly index: number;
  readonly total: number;
  /** Only where the step ended by itself: what Tekton and the kubelet invent is left out (failures.md section 3). */
  readonly exitCode?: number;
}

/** Steps that ran on or never ran because of others: `onError: continue`, and all after the failed one. */
const NOT_TO_BLAME: ReadonlySet<string> = new Set(["Continued", "Skipped"]);
/** A pod that is still being made: no sign of trouble. */
const NORMAL_WAITING: ReadonlySet<string> = new Set(["", "ContainerCreating", "PodInitializing"]);
/** tektoncd pkg/reconciler/taskrun/taskrun.go, checkContainerFailure. */
const NAMED_IN_MESSAGE = /^the step "([^"]+)" in TaskRun /;

/**
 * The step to blame: the one that was killed, that failed first, that could not start, or that ran when it was stopped;
 * by the pod as it was last seen where Tekton knew nothing of it yet.
 */
export function failedStep(task: FailedTask): FailedStep | undefined {
  const inPod = [isWaitingIn(task), wasStopped(task), wasLostIn(task), wasRunningIn(task), isRunning];
  const index = [isKilledForMemory, isFailed, namedIn(task), ...inPod]
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

function isKilledForMemory(step: StepState): boolean {
  return isOutOfMemory(step) && !NOT_TO_BLAME.has(text(step.terminationReason));
}

/** The exit code, where the program of the step made it. */
function ownExitCode({ terminated }: StepState): number | undefined {
  if (!terminated || isInvented(terminated) || isLost({ terminated })) return undefined;
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
  const waiting = stepContainersOf(task.pod).filter(({ state }) => !NORMAL_WAITING.has(text(state?.waiting?.reason)));
  const inPod = new Set(waiting.map(({ name }) => text(name)));
  return (step) => !NORMAL_WAITING.has(text(step.waiting?.reason)) || inPod.has(containerOf(step));
}

/** Steps run one after the other: the first that Tekton had to stop is the one that was running. */
function wasStopped(task: FailedTask): (step: StepState) => boolean {
  return (step) => !!step.terminated && isInvented(step.terminated) && hasStepStarted(step, task.taskRun);
}

/** Of an evicted pod Tekton writes down that its steps wait; the pod itself says that the kubelet lost them. */
function wasLostIn(task: FailedTask): (step: StepState) => boolean {
  const lost = stepContainersOf(task.pod).filter(({ state }) => isLost(state));
  const inPod = new Set(lost.map(({ name }) => text(name)));
  return (step) => inPod.has(containerOf(step));
}

/** Tekton doesn't always learn how a step of an evicted pod ended. */
function isRunning({ running }: StepState): boolean {
  return typeof running === "object" && (running as unknown) !== null;
}

/** A TaskRun that was stopped before Tekton had written down that its container runs. */
function wasRunningIn(task: FailedTask): (step: StepState) => boolean {
  const isStopped = task.stop !== undefined || task.reason === "TaskRunTimeout";
  const running = isStopped ? stepContainersOf(task.pod).filter(({ state }) => state?.running) : [];
  const inPod = new Set(running.map(({ name }) => text(name)));
  return (step) => inPod.has(containerOf(step));
}

/** The container of a step, as Tekton names it where the status doesn't. */
export function containerOf({ container, name }: Pick<StepState, "container" | "name">): string {
  return text(container) || STEP_CONTAINER + text(name);
}
