import type { TaskRun } from "../api/tekton.ts";
import { cleanText } from "./clean-text.ts";
import { items, text } from "./lenient.ts";
import { taskNameOf } from "./pipeline-tasks.ts";
import { podObstacle } from "./pod-obstacle.ts";
import type { RunEvidence } from "./run-evidence.ts";
import { isDone, runState, succeededCondition } from "./run-state.ts";
import { isBeingDeleted, podsOfAttempt } from "./seen-pods.ts";
import { EXHAUSTED_REASONS, IMAGE_REASONS } from "./tekton-reasons.ts";

/** Why a run makes no progress: the reason in the words of the pod, or of Tekton where there is no pod. */
export interface Stuck {
  readonly reason: string;
  readonly message: string;
}

const MAX_STUCK_BYTES = 1024;

/**
 * Why a running run makes no progress at the moment, long before any timeout ends it (failures.md section 4); undefined
 * where nothing stands in its way. Looks at the tasks in the order in which Tekton listed them, at the pod first, then
 * at the warnings about it, then at Tekton's own words.
 */
export function stuck(evidence: RunEvidence): Stuck | undefined {
  if (runState(evidence.run).phase !== "running") return undefined;
  for (const taskRun of evidence.taskRuns.filter((one) => !isDone(one))) {
    const found = waitingPod(taskRun, evidence) ?? waitingTask(taskRun);
    if (found !== undefined) return inTask(taskNameOf(taskRun, evidence.run), found);
  }
  return undefined;
}

function waitingPod(taskRun: TaskRun, evidence: RunEvidence): Stuck | undefined {
  const last = podsOfAttempt(taskRun, taskRun.status ?? {}, evidence).at(-1);
  if (last?.isThere !== true || isBeingDeleted(last.pod)) return undefined;
  return podObstacle(last.pod, items(evidence.live?.events));
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
