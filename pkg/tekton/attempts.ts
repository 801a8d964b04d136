import type { FailedAttempt } from "../api/workflow-execution.ts";
import type { TaskRunStatus } from "../api/tekton.ts";
import { toTimestamp } from "../api/time.ts";
import { classifyTask } from "./classify-task.ts";
import { cleanText } from "./clean-text.ts";
import { failedStep } from "./failed-step.ts";
import { failedTask } from "./failed-task.ts";
import { items, moment } from "./lenient.ts";
import type { RootCause } from "./root-cause.ts";
import type { RunEvidence } from "./run-evidence.ts";

const MAX_ATTEMPTS = 32;
const MAX_WORDS_BYTES = 1024;
const MAX_NAME_BYTES = 253;

/** Tekton's attempts at the failed task, oldest first; empty where there was only one. At most the 32 latest. */
export function attemptsAt({ task }: RootCause, pods: RunEvidence["pods"]): readonly FailedAttempt[] {
  const { taskRun } = task;
  const earlier: readonly TaskRunStatus[] = items(taskRun.status?.retriesStatus);
  if (earlier.length === 0) return [];
  const statuses = [...earlier, taskRun.status ?? {}].slice(-MAX_ATTEMPTS);
  return statuses.map((status) => toAttempt(failedTask({ ...taskRun, status }, pods)));
}

function toAttempt(task: ReturnType<typeof failedTask>): FailedAttempt {
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
