import type { FailureEvidence } from "../api/workflow-execution.ts";
import type { StepState } from "../api/tekton.ts";
import { cleanText } from "./clean-text.ts";
import { denialIn } from "./denial.ts";
import { containersOf, failedTask, type FailedTask } from "./failed-task.ts";
import { items, text } from "./lenient.ts";
import type { RootCause } from "./root-cause.ts";
import type { RunEvidence } from "./run-evidence.ts";
import { runState, succeededCondition } from "./run-state.ts";

const MAX_FACTS = 10;
const MAX_FACT_BYTES = 1024;
const MAX_NAME_BYTES = 253;

/** The raw facts on which a diagnosis rests, the most important first: the task to blame, its pod, the run, other tasks. */
export function evidenceOf(evidence: RunEvidence, cause: RootCause | undefined): readonly FailureEvidence[] {
  const { run, taskRuns, pods, logTail } = evidence;
  const denial = denialIn(logTail ?? "");
  const { status, reason, message } = runState(run);
  const facts = [
    ...(cause === undefined ? [] : factsOf(cause.task)),
    ...(denial === undefined || cause === undefined ? [] : [fact("Log", cause.task.podName, denial)]),
    fact("PipelineRun", run.metadata.name, `Succeeded=${status}, ${words(reason, message)}`),
    ...taskRuns
      .filter((taskRun) => taskRun !== cause?.task.taskRun && succeededCondition(taskRun)?.status === "False")
      .map((taskRun) => conditionFact(failedTask(taskRun, pods))),
  ];
  return facts.filter((one) => one.fact !== "").slice(0, MAX_FACTS);
}

function factsOf(task: FailedTask): readonly FailureEvidence[] {
  const steps = [
    ...task.steps.map((step) => stepFact("step", step)),
    ...task.sidecars.map((one) => stepFact("sidecar", one)),
  ];
  return [
    conditionFact(task),
    ...steps.filter((words) => words !== "").map((words) => fact("TaskRun", task.taskRun.metadata.name, words)),
    ...podFacts(task).map((words) => fact("Pod", task.podName, words)),
  ].slice(0, MAX_FACTS - 2);
}

function conditionFact({ taskRun, reason, message }: FailedTask): FailureEvidence {
  return fact("TaskRun", taskRun.metadata.name, words(reason, message));
}

function stepFact(kind: "step" | "sidecar", { name, terminated, waiting, terminationReason }: StepState): string {
  const what = `${kind} ${text(name)}`;
  if (terminated) {
    const why = [text(terminated.reason), text(terminationReason)].filter((word) => word !== "");
    return `${what} terminated with exit code ${String(terminated.exitCode)} (${[...new Set(why)].join(", ")})`;
  }
  return waiting ? `${what} waiting: ${words(text(waiting.reason), text(waiting.message))}` : "";
}

function podFacts({ pod }: FailedTask): readonly string[] {
  if (pod === undefined) return [];
  const waiting = containersOf(pod)
    .filter(({ state }) => text(state?.waiting?.reason) !== "")
    .map(
      ({ name, state }) =>
        `container ${text(name)} waiting: ${words(text(state?.waiting?.reason), text(state?.waiting?.message))}`,
    );
  const conditions = items(pod.status?.conditions)
    .filter(
      ({ type, status }) =>
        (type === "PodScheduled" && status === "False") || (type === "DisruptionTarget" && status === "True"),
    )
    .map(({ type, reason, message }) => `${type}: ${words(text(reason), text(message))}`);
  const deleted =
    pod.metadata.deletionTimestamp === undefined ? [] : [`deleted at ${text(pod.metadata.deletionTimestamp)}`];
  const status = text(pod.status?.reason) === "" ? [] : [words(text(pod.status?.reason), text(pod.status?.message))];
  return [...status, ...waiting, ...conditions, ...deleted];
}

function words(reason: string, message: string): string {
  return [reason, message].filter((word) => word !== "").join(": ");
}

function fact(source: FailureEvidence["source"], name: string, said: string): FailureEvidence {
  return { source, name: cleanText(text(name), MAX_NAME_BYTES), fact: cleanText(said, MAX_FACT_BYTES) };
}
