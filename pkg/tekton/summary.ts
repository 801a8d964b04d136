import type { RetryAdvice } from "../api/workflow-execution.ts";
import type { PipelineRun } from "../api/tekton.ts";
import { cleanText } from "./clean-text.ts";
import type { FailureReason } from "./failure-reason.ts";
import type { FailureRequest } from "./failure-request.ts";
import { formatGoDuration } from "./go-duration.ts";
import { items, text } from "./lenient.ts";
import { taskNameOf, tasksOf } from "./pipeline-tasks.ts";
import type { RootCause } from "./root-cause.ts";
import type { RunEvidence } from "./run-evidence.ts";
import { succeededCondition } from "./run-state.ts";

const MAX_SUMMARY_BYTES = 4096;
const MAX_QUOTE_BYTES = 512;
const MAX_NAMES = 10;

/** What a summary is made of. */
export interface SummaryFacts {
  readonly reason: FailureReason;
  readonly message: string;
  readonly executed: boolean;
  readonly elapsedMs: number;
  readonly advice: RetryAdvice;
  readonly cause?: RootCause;
}

/**
 * Two to five sentences for whoever plans the recovery: what was run on which target, which task and
 * step failed after how long and with what evidence, what was and wasn't done before, what to do next. The same facts
 * always give the same words.
 */
export function runSummary(evidence: RunEvidence, facts: SummaryFacts, request: FailureRequest): string {
  return sentences([
    `${subject(request)} failed after ${formatGoDuration(facts.elapsedMs)} with ${facts.reason}`,
    culprit(evidence.run, facts),
    whatElse(evidence, facts.cause),
    facts.executed
      ? "At least one step had started, so the target may have been changed"
      : "No step had started, so this execution did not change the target",
    adviceWords(facts.advice),
  ]);
}

/** The same for an execution that failed before it had a run. */
export function refusalSummary(
  facts: Pick<SummaryFacts, "reason" | "message" | "advice">,
  request: FailureRequest,
): string {
  return sentences([
    `${subject(request)} was not started, with ${facts.reason}: ${quote(facts.message)}`,
    "No step had started, so this execution did not change the target",
    adviceWords(facts.advice),
  ]);
}

/** The same for an execution whose run was deleted by somebody else. */
export function deletionSummary(facts: Omit<SummaryFacts, "reason">, request: FailureRequest): string {
  return sentences([
    `${subject(request)} ended after ${formatGoDuration(facts.elapsedMs)}: ${quote(facts.message)}`,
    facts.executed
      ? "A step may have started, so the target may have been changed"
      : "No step had started, so this execution did not change the target",
    adviceWords(facts.advice),
  ]);
}

function subject({ workflowId, version, targetResource }: FailureRequest): string {
  return `Workflow ${workflowId} (version ${version}) on ${targetResource}`;
}

function culprit(run: PipelineRun, { reason, cause, message }: SummaryFacts): string {
  if (cause === undefined) return `No task is to blame; Tekton says: ${quote(message)}`;
  const task = `${cause.taskName}${placeWords(run, cause)}${stepWords(cause)}`;
  if (reason !== "Cancelled" || cause.verdict.reason === "Cancelled") {
    return `Task ${task} is where it failed: ${quote(message)}`;
  }
  return `Tekton says: ${quote(message)}; before that, task ${task} had failed: ${quote(cause.verdict.message)}`;
}

function placeWords(run: PipelineRun, { taskIndex }: RootCause): string {
  const { tasks, finally: last } = tasksOf(run);
  if (taskIndex < 0) return "";
  return taskIndex < tasks.length
    ? ` (${String(taskIndex + 1)} of ${String(tasks.length)})`
    : ` (${String(taskIndex - tasks.length + 1)} of ${String(last.length)} in finally)`;
}

function stepWords({ step }: RootCause): string {
  if (step === undefined) return "";
  const exit = step.exitCode === undefined ? "" : `, exit code ${String(step.exitCode)}`;
  return `, step ${step.name} (${String(step.index + 1)} of ${String(step.total)})${exit},`;
}

function whatElse({ run, taskRuns }: RunEvidence, cause: RootCause | undefined): string {
  const { tasks, finally: last } = tasksOf(run);
  const others = [...tasks, ...last].filter((name) => name !== cause?.taskName);
  const succeeded = new Set(
    taskRuns.filter((one) => succeededCondition(one)?.status === "True").map((one) => taskNameOf(one, run)),
  );
  const begun = new Set(taskRuns.map((one) => taskNameOf(one, run)));
  const skipped = new Set(items(run.status?.skippedTasks).map(({ name }) => text(name)));
  return [
    names(
      "completed",
      others.filter((name) => succeeded.has(name)),
    ),
    names(
      "begun but not completed",
      others.filter((name) => begun.has(name) && !succeeded.has(name)),
    ),
    names(
      "never run",
      others.filter((name) => skipped.has(name) || !begun.has(name)),
    ),
  ]
    .filter((part) => part !== "")
    .join("; ");
}

function names(what: string, tasks: readonly string[]): string {
  if (tasks.length === 0) return "";
  const more = tasks.length > MAX_NAMES ? ` and ${String(tasks.length - MAX_NAMES)} more` : "";
  return `Tasks ${what}: ${tasks.slice(0, MAX_NAMES).join(", ")}${more}`;
}

function adviceWords({ retryable, after, condition }: RetryAdvice): string {
  const when = [after === undefined ? "" : `after ${after}`, condition === undefined ? "" : `once ${condition}`];
  const tail = when.filter((word) => word !== "").join(", ");
  return retryable ? `It may be tried again unchanged ${tail}` : `Do not try it again unchanged, only ${tail}`;
}

/** A message as part of a sentence: on one line, without its own full stop. */
function quote(message: string): string {
  return cleanText(message, MAX_QUOTE_BYTES)
    .replace(/\s+/g, " ")
    .replace(/[.\s]+$/, "");
}

function sentences(parts: readonly string[]): string {
  const said = parts.map((part) => part.trim()).filter((part) => part !== "");
  return cleanText(said.map((part) => `${part}.`).join(" "), MAX_SUMMARY_BYTES);
}
