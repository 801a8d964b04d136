import type { ContainerStatus } from "../api/core.ts";
import type { TektonCondition } from "../api/tekton.ts";
import { items, moment } from "./lenient.ts";
import type { RunEvidence } from "./run-evidence.ts";
import { isDone } from "./run-state.ts";
import { containersOf, isBeingDeleted, seenPods, stepContainersOf } from "./seen-pods.ts";

/**
 * When anything of a run moved last, in milliseconds since the epoch: it, a TaskRun or a pod was made, a condition
 * changed, something began or ended. Undefined where nothing says a time.
 */
export function lastProgress(evidence: RunEvidence): number | undefined {
  const { run, taskRuns } = evidence;
  const { status } = run;
  const times = [
    ...[run.metadata.creationTimestamp, status?.startTime, status?.finallyStartTime, status?.completionTime],
    ...transitions(run),
    ...taskRuns.flatMap((taskRun) => [
      ...[taskRun.metadata.creationTimestamp, taskRun.status?.startTime, taskRun.status?.completionTime],
      ...transitions(taskRun),
    ]),
    ...seenPods(evidence).flatMap(({ pod }) => [
      pod.metadata.creationTimestamp,
      ...containersOf(pod).flatMap(timesOfContainer),
    ]),
  ];
  const known = times.map(moment).filter((time) => time !== undefined);
  return known.length === 0 ? undefined : known.reduce((a, b) => Math.max(a, b));
}

/** Whether a step's program may run at the moment: then the run isn't stuck, however long it takes. */
export function isStepRunning({ taskRuns, pods }: RunEvidence): boolean {
  const inPod = pods.some((pod) => !isBeingDeleted(pod) && stepContainersOf(pod).some(isRunning));
  const inTaskRun = taskRuns.some((taskRun) => !isDone(taskRun) && items(taskRun.status?.steps).some((s) => s.running));
  return inPod || (inTaskRun && pods.length === 0);
}

function isRunning({ state }: ContainerStatus): boolean {
  return moment(state?.running?.startedAt) !== undefined;
}

function transitions(object: {
  readonly status?: { readonly conditions?: readonly TektonCondition[] };
}): readonly (string | undefined)[] {
  return items(object.status?.conditions).map(({ lastTransitionTime }) => lastTransitionTime);
}

function timesOfContainer({ state }: ContainerStatus): readonly (string | undefined)[] {
  return [state?.running?.startedAt, state?.terminated?.startedAt, state?.terminated?.finishedAt];
}
