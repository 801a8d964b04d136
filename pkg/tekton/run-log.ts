import { denialIn } from "./denial.ts";
import { failedContainer } from "./failed-container.ts";
import type { FailedTask } from "./failed-task.ts";
import type { Verdict } from "./failure-reason.ts";
import { items, text } from "./lenient.ts";
import type { RootCause } from "./root-cause.ts";
import type { RunEvidence, StepLog } from "./run-evidence.ts";
import { likely } from "./verdicts.ts";

/**
 * What Tekton's entrypoint writes when it, not the step, fails (tektoncd cmd/entrypoint/main.go, pkg/termination/write.go):
 * the step's program could not be started, or its results are larger than a termination message can be.
 */
const ENTRYPOINT_WORDS = /\bError executing command: |\bTermination message is above max allowed size\b/;

/** The end of the log of the container to blame, as it was read; undefined where none could be. */
export function logOf(evidence: RunEvidence, cause: RootCause | undefined): StepLog | undefined {
  const logs = items(evidence.live?.logs).filter((log) => text(log.text) !== "");
  if (cause === undefined) return logs.at(-1);
  const own = logs.filter((log) => isOfTask(log, cause.task));
  const container = failedContainer(cause);
  return own.find((log) => log.container === container) ?? (container === undefined ? own.at(-1) : undefined);
}

/**
 * What a log makes of a step that failed like any other: one that was refused by the API server ends so, too, and only
 * its log says why. The same words can be in a result, which Tekton keeps in the step's termination message.
 */
export function verdictByLog({ task, verdict, step }: RootCause, log: StepLog | undefined): Verdict {
  if (verdict.reason !== "TaskFailed") return verdict;
  const denial = denialIn(text(log?.text)) ?? denialIn(resultsOf(task, step?.index));
  if (denial !== undefined) return likely("Forbidden", denial);
  const words = entrypointWords(log);
  return words === undefined ? verdict : { ...verdict, message: `${verdict.message}: ${words}` };
}

/** The line in which Tekton's entrypoint says that it could not do its part. */
export function entrypointWords(log: StepLog | undefined): string | undefined {
  const line = text(log?.text)
    .split("\n")
    .findLast((one) => ENTRYPOINT_WORDS.test(one));
  return line === undefined ? undefined : withoutTime(line);
}

/** A line without the time that Go's log package puts before it. */
export function withoutTime(line: string): string {
  return line.replace(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /, "").trim();
}

function isOfTask({ podUid, podName }: StepLog, { podName: name, pod }: FailedTask): boolean {
  return pod?.metadata.uid === undefined ? podName === name : podUid === pod.metadata.uid;
}

function resultsOf({ steps }: FailedTask, index: number | undefined): string {
  return index === undefined ? "" : text(steps[index]?.terminated?.message);
}
