/** What the statuses of steps and pods say, as facts for the evidence of a failure. */
import type { ContainerStatus, Pod } from "../api/core.ts";
import type { StepState } from "../api/tekton.ts";
import { failedStep } from "./failed-step.ts";
import type { FailedTask } from "./failed-task.ts";
import { items, text } from "./lenient.ts";
import { isBeingDeleted, containersOf } from "./seen-pods.ts";
import { isInvented } from "./started.ts";

/** The steps and sidecars of a task that have something to say, the one to blame first. */
export function stepFacts(task: FailedTask): readonly string[] {
  const blamed = failedStep(task)?.index;
  const first = task.steps.filter((_, index) => index === blamed);
  const rest = task.steps.filter((step, index) => index !== blamed && step.terminated?.exitCode !== 0);
  return [
    ...[...first, ...rest].map((step) => containerFact("step", step)),
    ...task.sidecars.map((sidecar) => containerFact("sidecar", sidecar)),
  ].filter((said) => said !== "");
}

/** Why a pod failed, waits, or was taken away. */
export function podFacts(pod: Pod | undefined): readonly string[] {
  if (pod === undefined) return [];
  const { status, metadata } = pod;
  const ended = text(status?.reason) === "" ? [] : [words(text(status?.reason), text(status?.message))];
  const conditions = items(status?.conditions)
    .filter(
      ({ type, status: is }) =>
        (type === "PodScheduled" && is === "False") || (type === "DisruptionTarget" && is === "True"),
    )
    .map(({ type, reason, message }) => `${text(type)}: ${words(text(reason), text(message))}`);
  const deleted = isBeingDeleted(pod) ? [`deleted at ${text(metadata.deletionTimestamp)}`] : [];
  return [...ended, ...initFacts(pod), ...waitingFacts(pod), ...conditions, ...deleted];
}

/** A reason and a message as one text. */
export function words(reason: string, message: string): string {
  return [reason, message].filter((word) => word !== "").join(": ");
}

function containerFact(kind: string, { name, terminated, waiting, running, terminationReason }: StepState): string {
  const what = `${kind} ${text(name)}`;
  if (terminated) {
    const why = [text(terminated.reason), text(terminationReason)].filter((word) => word !== "");
    const how = isInvented(terminated)
      ? "stopped by Tekton"
      : `terminated with exit code ${String(terminated.exitCode)}`;
    return `${what} ${how} (${[...new Set(why)].join(", ")})`;
  }
  if (waiting) return `${what} waiting: ${words(text(waiting.reason), text(waiting.message))}`;
  return running ? `${what} running since ${text(running.startedAt)}` : "";
}

/** Tekton's own containers are in no TaskRun. */
function initFacts(pod: Pod): readonly string[] {
  return items(pod.status?.initContainerStatuses).filter(hasFailed).map(initFact);
}

function hasFailed({ state }: ContainerStatus): boolean {
  return !!state?.terminated && state.terminated.exitCode !== 0;
}

function initFact({ name, state }: ContainerStatus): string {
  const { exitCode, reason, message } = state?.terminated ?? {};
  const why = words(text(reason), text(message));
  return `init container ${text(name)} terminated with exit code ${String(exitCode)} (${why})`;
}

function waitingFacts(pod: Pod): readonly string[] {
  return containersOf(pod)
    .filter(({ state }) => text(state?.waiting?.reason) !== "")
    .map(({ name, state }) => {
      const why = words(text(state?.waiting?.reason), text(state?.waiting?.message));
      return `container ${text(name)} waiting: ${why}`;
    });
}
