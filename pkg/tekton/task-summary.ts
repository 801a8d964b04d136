/** The parts of a summary that tell of tasks: which failed and how, and what became of the others. */
import type { PipelineRun, TaskRun } from "../api/tekton.ts";
import type { FailureReason } from "./failure-reason.ts";
import { items, text } from "./lenient.ts";
import { taskNameOf, tasksOf } from "./pipeline-tasks.ts";
import { isSkippedAsPlanned } from "./progress.ts";
import { isIgnored, type RootCause } from "./root-cause.ts";
import type { RunEvidence } from "./run-evidence.ts";
import { succeededCondition } from "./run-state.ts";
import { taskStop } from "./run-stop.ts";
import { asPart } from "./sentences.ts";

const MAX_NAMES = 10;
const MAX_NAME_BYTES = 64;

/** How a task ended, by the category of its failure. */
const endings: Readonly<Record<FailureReason, string>> = {
  Cancelled: "was cancelled",
  OOMKilled: "was killed for using too much memory",
  DeadlineExceeded: "did not end in time",
  ImagePullBackOff: "did not get its image",
  ResourceExhausted: "did not have the room that it needs",
  Forbidden: "was refused",
  ConfigurationError: "could not run as it is configured",
  UnsupportedEngine: "failed",
  UnsupportedFeature: "failed",
  UnsupportedCluster: "failed",
  Interrupted: "was interrupted from outside",
  ExternallyDeleted: "was deleted",
  TaskFailed: "failed",
  Unknown: "failed",
};

/** Which task and step it was, n of m: "Task fail (1 of 2), step main (1 of 1),". */
export function taskWords(evidence: RunEvidence, cause: RootCause): string {
  const name = cause.taskName === "" ? text(cause.task.taskRun.metadata.name) : cause.taskName;
  const place = [placeWords(evidence.run, cause), matrixWords(evidence, cause)].filter((word) => word !== "");
  const where = place.length === 0 ? "" : ` (${place.join(", ")})`;
  return `task ${asPart(name, MAX_NAME_BYTES)}${where}${stepWords(cause)}`;
}

/** How it ended: "failed (exit code 3) at the last of 2 attempts". */
export function endingWords(reason: FailureReason, cause: RootCause, attempts: number): string {
  const tries = attempts < 2 ? "" : ` at the last of ${String(attempts)} attempts`;
  return `${endings[reason]}${exitWords(cause)}${tries}`;
}

/** The exit code, where the step's program made one. */
export function exitWords({ step }: RootCause): string {
  return step?.exitCode === undefined ? "" : ` (exit code ${String(step.exitCode)})`;
}

/** What became of the other tasks: which were completed, begun, not needed, never run. Empty where no pipeline is known. */
export function otherTasks(evidence: RunEvidence, cause: RootCause | undefined): string {
  const { tasks, finally: last } = tasksOf(evidence.run);
  const others = [...tasks, ...last].filter((name) => name !== "" && name !== cause?.taskName);
  if (others.length === 0) return tasks.length === 0 ? "" : "The workflow has no other task";
  const states = others.map((name) => ({ name, state: stateOf(name, evidence) }));
  const parts = STATES.map((state) => ({
    state,
    names: states.filter((one) => one.state === state).map(({ name }) => name),
  }))
    .filter(({ names }) => names.length > 0)
    .map(({ state, names }) => `${state}: ${list(names)}`);
  return `${cause === undefined ? "Tasks" : "Other tasks"} ${parts.join("; ")}`;
}

/** In the order in which they are told. */
const STATES = [
  "completed",
  "failed",
  "failed but ignored",
  "begun but not completed",
  "not needed",
  "never run",
] as const;
type TaskState = (typeof STATES)[number];

function stateOf(name: string, { run, taskRuns }: RunEvidence): TaskState {
  const own = taskRuns.filter((taskRun) => taskNameOf(taskRun, run) === name);
  if (own.length > 0) return stateOfBegun(own, run);
  const isSkipped = items(run.status?.skippedTasks).some((skipped) => skipped.name === name);
  return isSkipped && isSkippedAsPlanned(name, run) ? "not needed" : "never run";
}

function stateOfBegun(own: readonly TaskRun[], run: PipelineRun): TaskState {
  if (own.every(hasSucceeded)) return "completed";
  if (own.some((taskRun) => hasEndedBadly(taskRun, run) && !isIgnored(taskRun, run))) return "failed";
  return own.some((taskRun) => hasEndedBadly(taskRun, run)) ? "failed but ignored" : "begun but not completed";
}

/** By itself: neither stopped with its run nor ended badly in a way that the workflow ignores. */
function hasEndedBadly(taskRun: TaskRun, run: PipelineRun): boolean {
  const stop = taskStop(taskRun, run);
  return succeededCondition(taskRun)?.status === "False" && (stop === undefined || stop === "alone");
}

function hasSucceeded(taskRun: TaskRun): boolean {
  return succeededCondition(taskRun)?.status === "True";
}

function list(names: readonly string[]): string {
  const more = names.length > MAX_NAMES ? ` and ${String(names.length - MAX_NAMES)} more` : "";
  const shown = names.slice(0, MAX_NAMES).map((name) => asPart(name, MAX_NAME_BYTES));
  return `${shown.join(", ")}${more}`;
}

function placeWords(run: PipelineRun, { taskIndex }: RootCause): string {
  const { tasks, finally: last } = tasksOf(run);
  if (taskIndex < 0) return "";
  return taskIndex < tasks.length
    ? `${String(taskIndex + 1)} of ${String(tasks.length)}`
    : `${String(taskIndex - tasks.length + 1)} of ${String(last.length)} in finally`;
}

/** A task that runs several times (matrix) needs the name of its TaskRun, too. */
function matrixWords({ run, taskRuns }: RunEvidence, { taskName, task }: RootCause): string {
  const same = taskRuns.filter((taskRun) => taskNameOf(taskRun, run) === taskName);
  return same.length < 2 || taskName === "" ? "" : `TaskRun ${asPart(task.taskRun.metadata.name, MAX_NAME_BYTES)}`;
}

function stepWords({ step }: RootCause): string {
  if (step === undefined) return "";
  return `, step ${asPart(step.name, MAX_NAME_BYTES)} (${String(step.index + 1)} of ${String(step.total)}),`;
}
