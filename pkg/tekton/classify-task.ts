import type { ContainerState } from "../api/core.ts";
import { containersOf, type FailedTask } from "./failed-task.ts";
import { isOutOfMemory, LOST } from "./failed-step.ts";
import type { Confidence, FailureReason, Verdict } from "./failure-reason.ts";
import { items, text } from "./lenient.ts";
import { registryProblem } from "./registry-problem.ts";
import { resolutionVerdict } from "./resolution-verdict.ts";
import {
  BAD_IMAGE_WAITING,
  BAD_CONTAINER,
  CONFIGURATION_REASONS,
  EXHAUSTED_REASONS,
  FAILED_REASONS,
  IMAGE_REASONS,
  INTERRUPTIONS,
  OOM_REASONS,
} from "./tekton-reasons.ts";

/** spec.statusMessage of a TaskRun that its PipelineRun stopped (tektoncd pkg/apis/pipeline/v1/taskrun_types.go). */
const BY_CANCELLED_RUN = "TaskRun cancelled as the PipelineRun it belongs to has been cancelled.";
const BY_TIMED_OUT_RUN = "TaskRun cancelled as the PipelineRun it belongs to has timed out.";

/** Ends of a step whose pod is taken away: 255 as seen on Tekton's entrypoint, the rest where a shell hands a signal on. */
const KILLED: ReadonlySet<number> = new Set([255, 137, 143]);
const KILLED_WITHOUT_TRACE = 255;

type TaskRule = (task: FailedTask) => Verdict | undefined;

/** failures.md section 2: the first that matches wins. */
const rules: readonly TaskRule[] = [
  cancelled,
  outOfMemory,
  deadlineExceeded,
  imagePull,
  exhausted,
  forbidden,
  misconfigured,
  interrupted,
  failed,
];

/** Why a TaskRun failed, or one attempt at it. */
export function classifyTask(task: FailedTask): Verdict {
  for (const rule of rules) {
    const verdict = rule(task);
    if (verdict !== undefined) return verdict;
  }
  return { reason: "Unknown", confidence: "unknown", message: ownWords(task) };
}

/** Whether a TaskRun failed only because its run was cancelled. */
export function isCancelledByRun({ taskRun, reason }: FailedTask): boolean {
  return reason === "TaskRunCancelled" && text(taskRun.spec?.statusMessage) === BY_CANCELLED_RUN;
}

/** Whether a TaskRun was stopped because its run was out of time. */
export function isTimedOutByRun({ taskRun, reason }: FailedTask): boolean {
  return reason === "TaskRunCancelled" && text(taskRun.spec?.statusMessage) === BY_TIMED_OUT_RUN;
}

/** A TaskRun that somebody cancelled alone has another statusMessage, or none. */
function cancelled(task: FailedTask): Verdict | undefined {
  return task.reason === "TaskRunCancelled" && !isTimedOutByRun(task) ? certain("Cancelled", task.message) : undefined;
}

function outOfMemory(task: FailedTask): Verdict | undefined {
  const killed = statesOf(task).some(isOutOfMemory);
  return OOM_REASONS.has(task.reason) || killed ? certain("OOMKilled", ownWords(task)) : undefined;
}

/** Where quota, nodes or an image were waited for until time was up, that is the reason instead. */
function deadlineExceeded(task: FailedTask): Verdict | undefined {
  const inTime =
    task.reason !== "TaskRunTimeout" &&
    !isTimedOutByRun(task) &&
    !task.steps.some(({ terminationReason }) => terminationReason === "TimeoutExceeded") &&
    task.pod?.status?.reason !== "DeadlineExceeded";
  if (inTime) return undefined;
  return waitedFor(task) ?? certain("DeadlineExceeded", ownWords(task));
}

function waitedFor({ previous }: FailedTask): Verdict | undefined {
  if (previous === undefined) return undefined;
  const message = `${previous.message} (until time was up)`;
  if (EXHAUSTED_REASONS.has(previous.reason)) return certain("ResourceExhausted", message);
  return IMAGE_REASONS.has(previous.reason) ? certain("ImagePullBackOff", message) : undefined;
}

function imagePull(task: FailedTask): Verdict | undefined {
  if (IMAGE_REASONS.has(task.reason) || waitingReasons(task).some((reason) => BAD_IMAGE_WAITING.has(reason))) {
    return certain("ImagePullBackOff", ownWords(task));
  }
  // A step without a command makes Tekton ask the registry for the image's entrypoint before there is a pod.
  const lookUpFailed = task.reason === "PodCreationFailed" && registryProblem(task.message) !== undefined;
  return lookUpFailed ? likely("ImagePullBackOff", task.message) : undefined;
}

function exhausted(task: FailedTask): Verdict | undefined {
  const evicted = text(task.pod?.status?.reason) === "Evicted" || disruptionOf(task) === "PreemptionByScheduler";
  return EXHAUSTED_REASONS.has(task.reason) || evicted ? certain("ResourceExhausted", ownWords(task)) : undefined;
}

function forbidden(task: FailedTask): Verdict | undefined {
  const denied = task.reason === "PodAdmissionFailed" || task.reason === "ResourceVerificationFailed";
  return denied ? certain("Forbidden", ownWords(task)) : undefined;
}

function misconfigured(task: FailedTask): Verdict | undefined {
  if (task.reason === "TaskRunResolutionFailed") return resolutionVerdict(task.message);
  const started = [...task.steps, ...task.sidecars].map(({ terminated }) => text(terminated?.reason));
  const bad = [...waitingReasons(task), ...started].some((reason) => BAD_CONTAINER.has(reason));
  if (CONFIGURATION_REASONS.has(task.reason) || bad) return certain("ConfigurationError", ownWords(task));
  return isUserError(task.message) ? likely("ConfigurationError", task.message) : undefined;
}

/** Not the workflow's fault, but it may have acted. */
function interrupted(task: FailedTask): Verdict | undefined {
  const lost = [...task.steps, ...task.sidecars].some(({ terminated }) => terminated?.reason === LOST);
  const signs = [text(task.pod?.status?.reason), disruptionOf(task)];
  const killed = task.steps.some(({ terminated }) => KILLED.has(terminated?.exitCode ?? 0));
  const deleted = typeof task.pod?.metadata.deletionTimestamp === "string";
  if (lost || signs.some((sign) => INTERRUPTIONS.has(sign)) || (deleted && killed)) {
    return certain("Interrupted", ownWords(task));
  }
  return isPodGone(task) ? likely("Interrupted", `${ownWords(task)} (its pod ${task.podName} was deleted)`) : undefined;
}

/** Tekton keeps the pod of a step that failed by itself: a pod that is gone was deleted by somebody else. */
function isPodGone(task: FailedTask): boolean {
  if (task.podName === "" || task.pod !== undefined) return false;
  return task.steps.some(({ terminated }) => terminated?.exitCode === KILLED_WITHOUT_TRACE);
}

function failed(task: FailedTask): Verdict | undefined {
  return FAILED_REASONS.has(task.reason) ? certain("TaskFailed", ownWords(task)) : undefined;
}

/** "[User error] " marks what Tekton holds for a mistake in the pipeline (pkg/apis/pipeline/errors/errors.go). */
export function isUserError(message: string): boolean {
  return message.startsWith("[User error] ");
}

/** Tekton's message, and the words of the step or pod where they say more. */
function ownWords(task: FailedTask): string {
  const { message, pod } = task;
  const waiting = statesOf(task).map((state) => text(state.waiting?.message));
  const conditions = items(pod?.status?.conditions).filter(
    ({ type, status }) => type === "PodScheduled" && status === "False",
  );
  const words = [...waiting, ...conditions.map((condition) => text(condition.message)), text(pod?.status?.message)];
  const more = words.find((word) => word !== "" && !message.includes(word));
  if (more === undefined) return message;
  return message === "" ? more : `${message}: ${more}`;
}

function waitingReasons(task: FailedTask): readonly string[] {
  return statesOf(task).map(({ waiting }) => text(waiting?.reason));
}

/** Containers as the TaskRun remembers them, and as the pod has them where it still exists. */
function statesOf({ steps, sidecars, pod }: FailedTask): readonly ContainerState[] {
  return [...steps, ...sidecars, ...containersOf(pod).map(({ state }) => state ?? {})];
}

/** Why Kubernetes took the pod away (condition DisruptionTarget). */
function disruptionOf({ pod }: FailedTask): string {
  const found = items(pod?.status?.conditions).find(
    ({ type, status }) => type === "DisruptionTarget" && status === "True",
  );
  return text(found?.reason);
}

function certain(reason: FailureReason, message: string): Verdict {
  return verdict(reason, "certain", message);
}

function likely(reason: FailureReason, message: string): Verdict {
  return verdict(reason, "likely", message);
}

function verdict(reason: FailureReason, confidence: Confidence, message: string): Verdict {
  return { reason, confidence, message };
}
