import type { Pod, PodEvent } from "../api/core.ts";
import type { StepState, TaskRun, TaskRunStatus } from "../api/tekton.ts";
import { items, text } from "./lenient.ts";
import type { RunEvidence } from "./run-evidence.ts";
import { succeededCondition } from "./run-state.ts";
import { taskStop, type TaskStop } from "./run-stop.ts";
import { podsOfAttempt } from "./seen-pods.ts";

/** What is known about one TaskRun, or about one attempt at it: Tekton's words, and its pod as it was last seen. */
export interface FailedTask {
  readonly taskRun: TaskRun;
  readonly reason: string;
  readonly message: string;
  /** Where a TaskRun was stuck before it was stopped: Tekton appends it to the message of a timeout or a cancel. */
  readonly previous?: { readonly reason: string; readonly message: string };
  readonly steps: readonly StepState[];
  readonly sidecars: readonly StepState[];
  /** "" where no pod was ever made. */
  readonly podName: string;
  readonly pod?: Pod;
  /** Whether that pod still exists. */
  readonly isPodThere: boolean;
  /** Pods of the same name that were deleted before it, each made again. */
  readonly earlierPods: readonly Pod[];
  /** Warnings about its pods. */
  readonly events: readonly PodEvent[];
  /** Why it was cancelled, where it was. */
  readonly stop?: TaskStop;
}

/** tektoncd pkg/reconciler/taskrun/taskrun.go, appendPreviousConditionContext. */
const PREVIOUS = /\nPrevious status: \[(\w+)\] ([\s\S]*)$/;

/** The facts about a TaskRun of a run, in its last attempt or in the one whose status is given. */
export function failedTask(evidence: RunEvidence, taskRun: TaskRun, attempt?: TaskRunStatus): FailedTask {
  const status = attempt ?? taskRun.status ?? {};
  const one: TaskRun = { ...taskRun, status };
  const condition = succeededCondition(one);
  const message = text(condition?.message);
  const stop = taskStop(one, evidence.run);
  return {
    taskRun: attempt === undefined ? taskRun : one,
    reason: text(condition?.reason),
    message,
    ...previousOf(message),
    steps: items(status.steps),
    sidecars: items(status.sidecars),
    ...podsFields(taskRun, status, evidence),
    ...(stop === undefined ? {} : { stop }),
  };
}

type PodFields = Pick<FailedTask, "podName" | "pod" | "isPodThere" | "earlierPods" | "events">;

function podsFields(taskRun: TaskRun, status: TaskRunStatus, evidence: RunEvidence): PodFields {
  const pods = podsOfAttempt(taskRun, status, evidence);
  const last = pods.at(-1);
  const podName = text(status.podName) || text(last?.pod.metadata.name);
  return {
    podName,
    ...(last === undefined ? {} : { pod: last.pod }),
    isPodThere: last?.isThere === true,
    earlierPods: pods.slice(0, -1).map(({ pod }) => pod),
    events: items(evidence.live?.events).filter((event) => podName !== "" && event.podName === podName),
  };
}

function previousOf(message: string): Pick<FailedTask, "previous"> {
  const [, reason, words = ""] = PREVIOUS.exec(message) ?? [];
  return reason === undefined ? {} : { previous: { reason, message: words } };
}
