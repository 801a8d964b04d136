import type { Pod } from "../api/core.ts";
import type { FailedAttempt } from "../api/workflow-execution.ts";
import type { TaskRunStatus } from "../api/tekton.ts";
import { toTimestamp } from "../api/time.ts";
import { classifyTask } from "./classify-task.ts";
import { cleanText } from "./clean-text.ts";
import { failedStep } from "./failed-step.ts";
import { failedTask, type FailedTask } from "./failed-task.ts";
import { items, moment } from "./lenient.ts";
import type { RootCause } from "./root-cause.ts";
import type { RunEvidence } from "./run-evidence.ts";

const MAX_ATTEMPTS = 32;
const MAX_WORDS_BYTES = 1024;
const MAX_NAME_BYTES = 253;

/**
 * The attempts at the failed task, oldest first; empty where there was only one. Tekton's retries, and pods that were
 * deleted by force and made again. At most the 32 latest.
 */
export function attemptsAt({ task }: RootCause, evidence: RunEvidence): readonly FailedAttempt[] {
  const { taskRun } = task;
  const statuses: readonly TaskRunStatus[] = [...items(taskRun.status?.retriesStatus), taskRun.status ?? {}];
  const attempts = statuses.slice(-MAX_ATTEMPTS).flatMap((status) => attemptsIn(failedTask(evidence, taskRun, status)));
  return attempts.length < 2 ? [] : attempts.slice(-MAX_ATTEMPTS);
}

function attemptsIn(task: FailedTask): readonly FailedAttempt[] {
  return [...task.earlierPods.map(toLostAttempt), toAttempt(task)];
}

/** A pod that was deleted and made again: Tekton keeps nothing of it. */
function toLostAttempt({ metadata, status }: Pod): FailedAttempt {
  const steps = items(status?.containerStatuses).map(({ state }) => state?.running?.startedAt);
  return {
    reason: "Interrupted",
    message: `pod ${cleanText(metadata.name, MAX_NAME_BYTES)} was deleted and made again`,
    podName: cleanText(metadata.name, MAX_NAME_BYTES),
    ...(metadata.uid === undefined ? {} : { podUID: metadata.uid }),
    ...timeField("startTime", steps.find((time) => moment(time) !== undefined) ?? metadata.creationTimestamp),
  };
}

function toAttempt(task: FailedTask): FailedAttempt {
  const { reason, message } = classifyTask(task);
  const exitCode = failedStep(task)?.exitCode;
  const { startTime, completionTime } = task.taskRun.status ?? {};
  return {
    reason,
    message: cleanText(message, MAX_WORDS_BYTES),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(task.podName === "" ? {} : { podName: cleanText(task.podName, MAX_NAME_BYTES) }),
    ...(task.pod?.metadata.uid === undefined ? {} : { podUID: task.pod.metadata.uid }),
    ...timeField("startTime", startTime),
    ...timeField("completionTime", completionTime),
  };
}

function timeField<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  const ms = moment(value);
  return ms === undefined ? {} : ({ [key]: toTimestamp(ms) } as Record<K, string>);
}
