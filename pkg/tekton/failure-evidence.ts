import type { PodEvent } from "../api/core.ts";
import type { FailureEvidence } from "../api/workflow-execution.ts";
import { cleanText } from "./clean-text.ts";
import { denialIn } from "./denial.ts";
import { failedTask, type FailedTask } from "./failed-task.ts";
import { text } from "./lenient.ts";
import { podFacts, stepFacts, words } from "./object-facts.ts";
import { resolutionFailure } from "./resolution-verdict.ts";
import type { RootCause } from "./root-cause.ts";
import type { RunEvidence, StepLog } from "./run-evidence.ts";
import { entrypointWords } from "./run-log.ts";
import { runState, succeededCondition } from "./run-state.ts";

const MAX_FACTS = 10;
/** Of one kind, so that every kind has room. */
const MAX_OF_A_KIND = 3;
const MAX_FACT_BYTES = 1024;
const MAX_NAME_BYTES = 253;

/** The task whose facts count most: to blame, or only stopped with its run. */
export interface TaskAtHand {
  readonly cause: RootCause;
  readonly isToBlame: boolean;
}

/**
 * The raw facts on which a diagnosis rests, the most important first: the task to blame, its pod, its log, the warnings
 * about it, the run, other tasks. Of a run that ended without a task to blame the run comes first.
 */
export function evidenceOf(
  evidence: RunEvidence,
  atHand: TaskAtHand | undefined,
  log?: StepLog,
): readonly FailureEvidence[] {
  const { run, taskRuns } = evidence;
  const { status, reason, message } = runState(run);
  const ofRun = [fact("PipelineRun", run.metadata.name, `Succeeded=${status}, ${words(reason, message)}`)];
  const ofTask = atHand === undefined ? [] : factsOf(atHand.cause.task, log);
  const facts = [
    ...(atHand?.isToBlame === true ? [...ofTask, ...ofRun] : [...ofRun, ...ofTask]),
    ...resolutionFacts(message),
    ...taskRuns
      .filter((taskRun) => taskRun.metadata.name !== atHand?.cause.task.taskRun.metadata.name)
      .filter((taskRun) => succeededCondition(taskRun)?.status === "False")
      .map((taskRun) => conditionFact(failedTask(evidence, taskRun))),
  ];
  return facts.filter((one) => one.fact !== "").slice(0, MAX_FACTS);
}

function factsOf(task: FailedTask, log: StepLog | undefined): readonly FailureEvidence[] {
  const { name } = task.taskRun.metadata;
  const ofPod = [...podFacts(task.pod), ...task.earlierPods.map(lostPodFact)];
  return [
    conditionFact(task),
    ...stepFacts(task)
      .slice(0, MAX_OF_A_KIND)
      .map((said) => fact("TaskRun", name, said)),
    ...ofPod.slice(0, MAX_OF_A_KIND).map((said) => fact("Pod", task.podName, said)),
    ...logFacts(log),
    ...eventFacts(task.events),
  ].slice(0, MAX_FACTS - 1);
}

function conditionFact({ taskRun, reason, message }: FailedTask): FailureEvidence {
  return fact("TaskRun", taskRun.metadata.name, words(reason, message));
}

function lostPodFact({ metadata }: NonNullable<FailedTask["pod"]>): string {
  return `a pod of that name (uid ${text(metadata.uid)}) was deleted before and made again`;
}

function logFacts(log: StepLog | undefined): readonly FailureEvidence[] {
  const said = denialIn(text(log?.text)) ?? entrypointWords(log);
  return said === undefined || log === undefined ? [] : [fact("Log", log.podName, said)];
}

/** The latest warnings, each once. */
function eventFacts(events: readonly PodEvent[]): readonly FailureEvidence[] {
  const said = events.toSorted((a, b) => (text(a.at) < text(b.at) ? 1 : -1));
  const byText = new Map(said.map((event) => [words(text(event.reason), text(event.message)), event.podName]));
  return [...byText].slice(0, MAX_OF_A_KIND).map(([what, podName]) => fact("Event", podName, what));
}

/** The request by which Tekton asked for the pipeline: its failure reaches the run only as text. */
function resolutionFacts(message: string): readonly FailureEvidence[] {
  const failure = resolutionFailure(message);
  return failure === undefined ? [] : [fact("ResolutionRequest", failure.name, failure.message)];
}

function fact(source: FailureEvidence["source"], name: string, said: string): FailureEvidence {
  return { source, name: cleanText(text(name), MAX_NAME_BYTES), fact: cleanText(said, MAX_FACT_BYTES) };
}
