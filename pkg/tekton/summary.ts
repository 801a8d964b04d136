import type { RetryAdvice } from "../api/workflow-execution.ts";
import { cancelWords, requestWords } from "./cancel-words.ts";
import { cleanLog } from "./clean-text.ts";
import type { Verdict } from "./failure-reason.ts";
import type { FailureRequest } from "./failure-request.ts";
import { formatGoDuration } from "./go-duration.ts";
import { text } from "./lenient.ts";
import { resolutionFailure } from "./resolution-verdict.ts";
import type { RootCause } from "./root-cause.ts";
import type { RunEvidence, StepLog } from "./run-evidence.ts";
import { withoutTime } from "./run-log.ts";
import { asPart, sentences } from "./sentences.ts";
import { endingWords, exitWords, otherTasks, taskWords } from "./task-summary.ts";

const MAX_QUOTE_BYTES = 512;
const MAX_NAME_BYTES = 256;
const MAX_LOG_LINE_BYTES = 256;

/** What a summary is made of. */
export interface SummaryFacts {
  readonly verdict: Verdict;
  readonly executed: boolean;
  readonly elapsedMs: number;
  readonly advice: RetryAdvice;
  /** The task to blame. */
  readonly cause?: RootCause;
  /** Where no task is to blame: the one that was stopped with its run. */
  readonly stopped?: RootCause;
  /** How often the task to blame was tried. */
  readonly attempts: number;
  /** The sentence about pods that were made again. */
  readonly repeated?: string;
  readonly log?: StepLog;
}

/**
 * Two to five sentences for whoever plans the recovery: what was run on which target, which task and
 * step failed after how long and with what evidence, what was and wasn't done before, what to do next. The same facts
 * always give the same words.
 */
export function runSummary(evidence: RunEvidence, facts: SummaryFacts, request: FailureRequest): string {
  return sentences([
    headline(evidence, facts, request),
    culprit(evidence, facts),
    otherTasks(evidence, facts.cause ?? facts.stopped),
    changeWords(facts),
    adviceWords(facts.advice),
  ]);
}

/** The same for an execution that failed before it had a run. */
export function refusalSummary(
  { reason, message, advice }: Pick<Verdict, "reason" | "message"> & Pick<SummaryFacts, "advice">,
  request: FailureRequest,
): string {
  const why = reason === "Cancelled" ? cancelled(request, message) : `${reason}: ${quote(message)}`;
  return sentences([
    `${subject(request)} was not started, with ${why}`,
    "No step had started, so this execution did not change the target",
    adviceWords(advice),
  ]);
}

/** The same for an execution whose run was deleted by somebody else. */
export function deletionSummary(
  { message, elapsedMs, advice }: Pick<Verdict, "message"> & Pick<SummaryFacts, "elapsedMs" | "advice">,
  request: FailureRequest,
): string {
  return sentences([
    `${subject(request)} ended after ${formatGoDuration(elapsedMs)}: ${quote(message)}`,
    "A step may have started, so the target may have been changed",
    adviceWords(advice),
  ]);
}

function subject({ workflowId, version, targetResource }: FailureRequest): string {
  const [workflow, number, target] = [workflowId, version, targetResource].map((word) => asPart(word, MAX_NAME_BYTES));
  return `Workflow ${workflow ?? ""} (version ${number ?? ""}) on ${target ?? ""}`;
}

function cancelled({ cancel }: FailureRequest, message: string): string {
  return `Cancelled: ${quote(cancel === undefined ? message : requestWords(cancel))}`;
}

function headline({ run }: RunEvidence, { verdict, elapsedMs }: SummaryFacts, request: FailureRequest): string {
  const after = `after ${formatGoDuration(elapsedMs)}`;
  if (verdict.reason === "Cancelled") {
    const how = cancelWords(run, request) ?? "cancelled by somebody who changed the run itself";
    return `${subject(request)} was stopped ${after}: ${quote(how)}`;
  }
  if (verdict.confidence === "unknown") return `${subject(request)} failed ${after} for a reason that is not known`;
  const sure = verdict.confidence === "certain" ? "with" : "most likely with";
  return `${subject(request)} failed ${after} ${sure} ${verdict.reason}`;
}

function culprit(evidence: RunEvidence, facts: SummaryFacts): string {
  const { verdict, cause, stopped, attempts } = facts;
  if (cause === undefined) return stopped === undefined ? noTask(evidence, verdict) : stoppedWords(evidence, stopped);
  const task = taskWords(evidence, cause);
  if (verdict.reason === "Cancelled" && cause.verdict.reason !== "Cancelled") {
    return `Before that, ${task} had failed${exitWords(cause)}: ${quote(cause.verdict.message)}`;
  }
  const ending = endingWords(verdict.reason, cause, attempts);
  return `${capital(task)} ${ending}: ${quote(verdict.message)}${logWords(facts)}`;
}

function noTask({ taskRuns }: RunEvidence, { reason, message }: Verdict): string {
  const resolution = resolutionFailure(message);
  if (resolution !== undefined) return `The workflow's bundle was not fetched: ${quote(resolution.message)}`;
  if (reason !== "Cancelled") return `No task is to blame: ${quote(message)}`;
  return taskRuns.length === 0 ? "No task had begun" : "No task had to be stopped";
}

function stoppedWords(evidence: RunEvidence, stopped: RootCause): string {
  return `${capital(taskWords(evidence, stopped))} was running then and was stopped`;
}

/**
 * The last line of the log, which is cleaned as a whole because a secret may have several lines. Nothing where the message
 * says the same.
 */
function logWords({ verdict, log }: SummaryFacts): string {
  const line = cleanLog(text(log?.text)).split("\n").at(-1) ?? "";
  const last = asPart(withoutTime(line), MAX_LOG_LINE_BYTES);
  return last === "" || quote(verdict.message).includes(last) ? "" : `; its log ends with: ${last}`;
}

function changeWords({ executed, repeated }: SummaryFacts): string {
  if (!executed) return "No step had started, so this execution did not change the target";
  const twice = repeated === undefined ? "" : `; ${quote(repeated)}`;
  return `At least one step had started, so the target may have been changed${twice}`;
}

function adviceWords({ retryable, after, condition }: RetryAdvice): string {
  const when = [after === undefined ? "" : `after ${after}`, condition === undefined ? "" : `once ${condition}`];
  const tail = when.filter((word) => word !== "").join(", ");
  return retryable ? `It may be tried again unchanged ${tail}` : `Do not try it again unchanged, only ${tail}`;
}

function quote(message: string): string {
  return asPart(message, MAX_QUOTE_BYTES);
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
