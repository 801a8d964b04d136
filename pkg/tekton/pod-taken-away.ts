import type { Pod } from "../api/core.ts";
import type { ObjectMeta } from "../api/meta.ts";
import { failedStep } from "./failed-step.ts";
import type { FailedTask } from "./failed-task.ts";
import type { Verdict } from "./failure-reason.ts";
import { items, moment, text } from "./lenient.ts";
import { isBeingDeleted } from "./seen-pods.ts";
import { isLost } from "./started.ts";
import { INTERRUPTIONS, NO_ROOM_ON_NODE } from "./tekton-reasons.ts";
import { certain, likely } from "./verdicts.ts";

/** Ends of a step whose pod is taken away: 255 as seen on Tekton's entrypoint, the rest where a shell hands a signal on. */
const KILLED: ReadonlySet<number> = new Set([255, 137, 143]);

/** A pod that was thrown off its node, or not let onto it, for lack of something there. `words`: what is said of the task. */
export function thrownOut(task: FailedTask, words: string): Verdict | undefined {
  if (podSigns(task).some((sign) => NO_ROOM_ON_NODE.has(sign))) return certain("ResourceExhausted", words);
  const event = task.events.find(({ reason }) => NO_ROOM_ON_NODE.has(reason));
  return event === undefined || !wasKilled(task)
    ? undefined
    : likely("ResourceExhausted", `${words}: ${event.message}`);
}

/**
 * A pod that was deleted, evicted through the API or lost with its node: not the workflow's fault, but it may have acted.
 * Tekton keeps the pod of a step that failed by itself, so one that is gone was deleted by somebody else.
 */
export function interruption(task: FailedTask, words: string): Verdict | undefined {
  const message = isBeingDeleted(task.pod) || isPodGone(task) ? `${words} (${takenWords(task)})` : words;
  const lost = [...task.steps, ...task.sidecars].some(isLost);
  if (lost || podSigns(task).some((sign) => INTERRUPTIONS.has(sign))) return certain("Interrupted", message);
  return endedByDeletion(task, message) ?? endedWithoutTrace(task, message);
}

/**
 * A pod is only "being deleted" if it still lived when somebody asked for that: one that has ended is removed at once. So
 * a step of it that ended badly was most likely stopped, with whatever exit code; where the grace period that it was given
 * is still known, so is the moment.
 */
function endedByDeletion(task: FailedTask, message: string): Verdict | undefined {
  if (!isBeingDeleted(task.pod)) return undefined;
  if (wasKilled(task)) return certain("Interrupted", message);
  const endedAt = failureTime(task);
  if (endedAt === undefined) return undefined;
  const askedAt = deletionAskedAt(task.pod);
  if (askedAt === undefined) return likely("Interrupted", message);
  return askedAt <= endedAt ? certain("Interrupted", message) : undefined;
}

function endedWithoutTrace(task: FailedTask, message: string): Verdict | undefined {
  const isTold = wasKilled(task) && task.events.some(({ reason }) => INTERRUPTIONS.has(reason));
  return isTold || isPodGone(task) ? likely("Interrupted", message) : undefined;
}

/** When the step to blame ended by itself or was stopped; undefined where none did. */
function failureTime(task: FailedTask): number | undefined {
  const step = failedStep(task);
  const terminated = step === undefined ? undefined : task.steps[step.index]?.terminated;
  return terminated === undefined || terminated.exitCode === 0 ? undefined : moment(terminated.finishedAt);
}

/** When the deletion of a pod was asked for; undefined at its very end, when the kubelet has set the period to nothing. */
function deletionAskedAt(pod: Pod | undefined): number | undefined {
  const metadata: DeletedMeta = pod?.metadata ?? { name: "" };
  const { deletionTimestamp, deletionGracePeriodSeconds: seconds } = metadata;
  const at = moment(deletionTimestamp);
  return at === undefined || typeof seconds !== "number" || seconds <= 0 ? undefined : at - seconds * 1000;
}

interface DeletedMeta extends ObjectMeta {
  readonly deletionGracePeriodSeconds?: number;
}

function takenWords(task: FailedTask): string {
  return `its pod ${task.podName} was ${podSigns(task).includes("EvictionByEvictionAPI") ? "evicted" : "deleted"}`;
}

function wasKilled({ steps }: FailedTask): boolean {
  return steps.some(({ terminated }) => KILLED.has(terminated?.exitCode ?? 0));
}

function isPodGone(task: FailedTask): boolean {
  return task.podName !== "" && !task.isPodThere && wasKilled(task);
}

/** Why Kubernetes took the pod away: the pod's own reason and its condition DisruptionTarget. */
function podSigns({ pod }: FailedTask): readonly string[] {
  const disruption = items(pod?.status?.conditions).find(
    ({ type, status }) => type === "DisruptionTarget" && status === "True",
  );
  return [text(pod?.status?.reason), text(disruption?.reason)];
}
