import type { Pod } from "../api/core.ts";
import type { TaskRun } from "../api/tekton.ts";
import { cleanText } from "./clean-text.ts";
import { containersOf } from "./failed-task.ts";
import { items, text } from "./lenient.ts";
import { taskNameOf } from "./pipeline-tasks.ts";
import type { RunEvidence } from "./run-evidence.ts";
import { isDone, runState, succeededCondition } from "./run-state.ts";
import { BAD_CONTAINER, BAD_IMAGE_WAITING, EXHAUSTED_REASONS, IMAGE_REASONS } from "./tekton-reasons.ts";

/** Why a run makes no progress: the reason in the words of the pod, or of Tekton where there is no pod. */
export interface Stuck {
  readonly reason: string;
  readonly message: string;
}

const MAX_STUCK_BYTES = 1024;

/**
 * Why a running run makes no progress at the moment, long before any timeout ends it (failures.md section 4); undefined
 * where nothing stands in its way. Looks at the tasks in the order in which Tekton listed them, at the pod first.
 */
export function stuck(evidence: RunEvidence): Stuck | undefined {
  if (runState(evidence.run).phase !== "running") return undefined;
  for (const taskRun of evidence.taskRuns.filter((one) => !isDone(one))) {
    const pod = podOf(taskRun, evidence.pods);
    const found = (pod && (waitingContainer(pod) ?? unschedulable(pod))) ?? waitingTask(taskRun);
    if (found !== undefined) return inTask(taskNameOf(taskRun, evidence.run), found);
  }
  return undefined;
}

function podOf(taskRun: TaskRun, pods: readonly Pod[]): Pod | undefined {
  return pods.find(({ metadata }) => metadata.name === taskRun.status?.podName && !metadata.deletionTimestamp);
}

function waitingContainer(pod: Pod): Stuck | undefined {
  for (const { name, state } of containersOf(pod)) {
    const reason = text(state?.waiting?.reason);
    if (BAD_IMAGE_WAITING.has(reason) || BAD_CONTAINER.has(reason)) {
      return { reason, message: `pod ${pod.metadata.name}, container ${text(name)}: ${text(state?.waiting?.message)}` };
    }
  }
  return undefined;
}

function unschedulable(pod: Pod): Stuck | undefined {
  const condition = items(pod.status?.conditions).find(
    ({ type, status }) => type === "PodScheduled" && status === "False",
  );
  if (condition === undefined || text(condition.reason) !== "Unschedulable") return undefined;
  return { reason: "Unschedulable", message: `pod ${pod.metadata.name}: ${text(condition.message)}` };
}

function waitingTask(taskRun: TaskRun): Stuck | undefined {
  const condition = succeededCondition(taskRun);
  const reason = text(condition?.reason);
  if (!EXHAUSTED_REASONS.has(reason) && !IMAGE_REASONS.has(reason)) return undefined;
  return { reason, message: text(condition?.message) };
}

function inTask(task: string, { reason, message }: Stuck): Stuck {
  return { reason, message: cleanText(task === "" ? message : `task ${task}: ${message}`, MAX_STUCK_BYTES) };
}
