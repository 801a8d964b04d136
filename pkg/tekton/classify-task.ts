import type { ContainerState } from "../api/core.ts";
import { isAdmissionRefusal, isDenied } from "./denial.ts";
import type { FailedTask } from "./failed-task.ts";
import { isOutOfMemory } from "./failed-step.ts";
import type { Verdict } from "./failure-reason.ts";
import { items, text } from "./lenient.ts";
import { podObstacle, type PodObstacle } from "./pod-obstacle.ts";
import { interruption, thrownOut } from "./pod-taken-away.ts";
import { registryProblem } from "./registry-problem.ts";
import { resolutionVerdict } from "./resolution-verdict.ts";
import { containersOf, STEP_CONTAINER } from "./seen-pods.ts";
import { hasStepStarted } from "./started.ts";
import {
  BAD_IMAGE_WAITING,
  BAD_CONTAINER,
  CONFIGURATION_REASONS,
  EXHAUSTED_REASONS,
  FAILED_REASONS,
  IMAGE_REASONS,
  OOM_REASONS,
} from "./tekton-reasons.ts";
import { certain, likely } from "./verdicts.ts";

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

function cancelled({ reason, stop, message }: FailedTask): Verdict | undefined {
  return reason === "TaskRunCancelled" && stop !== "timedOut" ? certain("Cancelled", message) : undefined;
}

function outOfMemory(task: FailedTask): Verdict | undefined {
  const killed = statesOf(task).some(isOutOfMemory);
  return OOM_REASONS.has(task.reason) || killed ? certain("OOMKilled", ownWords(task)) : undefined;
}

/** Where quota, nodes or an image were waited for until time was up, that is the reason instead. */
function deadlineExceeded(task: FailedTask): Verdict | undefined {
  const inTime =
    task.reason !== "TaskRunTimeout" &&
    task.stop !== "timedOut" &&
    !task.steps.some(({ terminationReason }) => terminationReason === "TimeoutExceeded") &&
    task.pod?.status?.reason !== "DeadlineExceeded";
  if (inTime) return undefined;
  return waitedFor(task) ?? certain("DeadlineExceeded", ownWords(task));
}

/** By what Tekton says, else by the pod as it was last seen, else by the warnings about it. */
function waitedFor(task: FailedTask): Verdict | undefined {
  const { previous } = task;
  if (previous !== undefined) {
    const pod = startObstacle(task)?.message ?? "";
    const message = untilTheEnd(`${previous.message}${pod === "" ? "" : `: ${pod}`}`);
    if (EXHAUSTED_REASONS.has(previous.reason)) return certain("ResourceExhausted", message);
    if (IMAGE_REASONS.has(previous.reason)) return certain("ImagePullBackOff", message);
  }
  const obstacle = startObstacle(task);
  if (obstacle?.category === undefined) return undefined;
  const { category: reason, confidence, message } = obstacle;
  return { reason, confidence, message: untilTheEnd(message) };
}

function untilTheEnd(message: string): string {
  return `${message.replace(/[.\s]+$/, "")} (until time was up)`;
}

/** What kept a task from starting before it was stopped; undefined where one of its steps had started. */
export function startObstacle({ steps, taskRun, pod, events }: FailedTask): PodObstacle | undefined {
  return steps.some((step) => hasStepStarted(step, taskRun)) ? undefined : podObstacle(pod, events);
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
  if (EXHAUSTED_REASONS.has(task.reason)) return certain("ResourceExhausted", ownWords(task));
  return thrownOut(task, ownWords(task));
}

function forbidden(task: FailedTask): Verdict | undefined {
  const { reason, message } = task;
  const denied = reason === "PodAdmissionFailed" || reason === "ResourceVerificationFailed";
  if (denied) return certain("Forbidden", ownWords(task));
  const isRefused = reason === "PodCreationFailed" && (isDenied(message) || isAdmissionRefusal(message));
  return isRefused ? likely("Forbidden", message) : undefined;
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
  return interruption(task, ownWords(task));
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

/** The states of all containers of a task, without those of steps whose failure the task ignores (`onError: continue`). */
function statesOf({ steps, sidecars, pod }: FailedTask): readonly ContainerState[] {
  const ignored = new Set(steps.filter(isContinued).map(({ name }) => STEP_CONTAINER + text(name)));
  const containers = containersOf(pod).filter(({ name }) => !ignored.has(text(name)));
  return [...steps.filter((step) => !isContinued(step)), ...sidecars, ...containers.map(({ state }) => state ?? {})];
}

function isContinued({ terminationReason }: { readonly terminationReason?: string }): boolean {
  return terminationReason === "Continued";
}

function waitingReasons(task: FailedTask): readonly string[] {
  return statesOf(task).map((state) => text(state.waiting?.reason));
}
