/** The terminal write of an execution whose run was started: outcome, failure details, times, the audit event. */
import type { PipelineRun } from "../../api/tekton.ts";
import { fromTimestamp, toTimestamp } from "../../api/time.ts";
import type { FailureDetails, WorkflowExecutionStatus } from "../../api/workflow-execution.ts";
import { askedBundle, executedDigest } from "../../tekton/bundle.ts";
import { diagnose } from "../../tekton/diagnose.ts";
import { lostRunFailure } from "../../tekton/pre-execution-failure.ts";
import { formatGoDuration } from "../../tekton/go-duration.ts";
import { progressOf } from "../../tekton/progress.ts";
import { runState } from "../../tekton/run-state.ts";
import { stopReasonOf } from "../../tekton/run-stop.ts";
import { actorFacts } from "../actor-facts.ts";
import type { ConditionChange } from "../conditions.ts";
import { endFacts, executedFacts, startedEvent } from "../facts.ts";
import { failureRequestOf } from "../failure-request-of.ts";
import type { EventName, NewEvent } from "../outbox.ts";
import { repeatedCondition, repetition } from "../repeated-steps.ts";
import { retryAfterFailure } from "../retry.ts";
import type { Case } from "../rule.ts";
import { runEvidence } from "../run-evidence-of.ts";
import { DONE, type Step } from "../step.ts";
import { writeStatus } from "../write-status.ts";

/** The run is done and nothing of it is alive: Completed, Failed or Cancelled. All of it was just read. */
export function ended(c: Case, run: PipelineRun): Step {
  const { s, w } = c;
  const state = runState(run);
  const repeated = repetition(w, runEvidence(s, run));
  const executionStatus = progressOf({ run, taskRuns: s.taskRuns.value });
  const common = {
    ...timesOf(run, s.now),
    executionStatus,
    pipelineRunStatus: executionStatus,
    bundle: bundleOf(c, run),
  };
  if (state.phase === "succeeded") {
    const warning = repeated === undefined ? "" : `; ${repeated}`;
    const message = `the run succeeded, ${executionStatus.progress ?? ""} tasks done${warning}`;
    return terminal(
      c,
      run,
      { ...common, phase: "Completed", outcome: "Success", reason: "Succeeded", message },
      "completed",
    );
  }
  const details = diagnose(runEvidence(s, run), failureRequestOf(c));
  const cancelled = details.reason === "Cancelled";
  const status = {
    ...common,
    ...failed(c, details, run.status?.startTime),
    outcome: cancelled ? "Cancelled" : "Failed",
  } as const;
  return terminal(c, run, status, cancelled ? "cancelled" : "failed");
}

/** The run was deleted by somebody else, the settle time is over and nothing of it is alive. BR-WE-007. */
export function vanished(c: Case): Step {
  const { s, w } = c;
  const { executionRef, startTime } = w.status ?? {};
  const lost = {
    reason: "ExternallyDeleted",
    message: `PipelineRun ${executionRef?.namespace ?? ""}/${executionRef?.name ?? ""} was deleted by somebody else`,
    // Its TaskRuns and pods went with it: nobody can tell any more whether a step had started.
    executed: true,
    elapsedMs: startTime === undefined ? 0 : Math.max(0, s.now - fromTimestamp(startTime)),
  } as const;
  const details = lostRunFailure(lost, failureRequestOf(c));
  const status = { ...failed(c, details, startTime), outcome: "Failed", completionTime: toTimestamp(s.now) } as const;
  return terminal(c, undefined, status, "failed");
}

type Ending = Partial<WorkflowExecutionStatus> & Pick<WorkflowExecutionStatus, "phase">;

function terminal(c: Case, run: PipelineRun | undefined, status: Ending, name: EventName): Step {
  const { s, w } = c;
  const { reason = status.phase, message = "" } = status;
  const told = run === undefined ? { before: [], conditions: [], facts: {} } : toldByRun(c, run);
  const end: NewEvent = {
    name,
    outcome: status.phase === "Completed" ? "success" : "failure",
    reason,
    facts: { ...endFacts(c, status), ...told.facts, ...(name === "cancelled" ? cancellerOf(c, run) : {}) },
  };
  const conditions = [...endConditions(reason, message), ...told.conditions];
  return writeStatus(s, w, { status, conditions, events: [...told.before, end] }) ?? DONE;
}

interface ToldByRun {
  /** That it was started, where nothing has said so yet. */
  readonly before: readonly NewEvent[];
  readonly conditions: readonly ConditionChange[];
  readonly facts: NewEvent["facts"];
}

function toldByRun({ s, w }: Case, run: PipelineRun): ToldByRun {
  const evidence = runEvidence(s, run);
  return {
    before: w.status?.phase === "Running" ? [] : [startedEvent(w, run)],
    conditions: repeatedCondition(w, evidence),
    facts: { ...executedFacts(w, run), repeatedSteps: repetition(w, evidence) },
  };
}

/** Who stopped it; nobody is known where its deletion did, or somebody who changed the run itself. */
function cancellerOf({ w }: Case, run: PipelineRun | undefined): NewEvent["facts"] {
  return run !== undefined && stopReasonOf(run) === "Cancel" ? actorFacts(w.spec.cancel?.requestedBy) : {};
}

function failed(c: Case, details: FailureDetails, startTime: string | undefined): Ending {
  const { reason, message } = details;
  const retry = retryAfterFailure(c, details, startTime);
  return { phase: "Failed", reason, message, failureReason: message, failureDetails: details, ...retry };
}

/** startTime and completionTime are the run's own times, so that one clock gives the duration. */
function timesOf(run: PipelineRun, now: number): Partial<WorkflowExecutionStatus> {
  const completionTime = run.status?.completionTime ?? toTimestamp(now);
  const startTime = run.status?.startTime;
  if (startTime === undefined) return { completionTime };
  const duration = formatGoDuration(Math.max(0, fromTimestamp(completionTime) - fromTimestamp(startTime)));
  return { startTime, completionTime, duration };
}

/** What was asked, and the digest that Tekton really resolved. */
function bundleOf({ w }: Case, run: PipelineRun): NonNullable<WorkflowExecutionStatus["bundle"]> {
  const { image } = askedBundle(w.spec.workflowRef);
  const digest = executedDigest(w.spec.workflowRef, run);
  return digest === undefined ? { image } : { image, digest };
}

function endConditions(reason: string, message: string): readonly ConditionChange[] {
  return [
    { type: "TektonPipelineRunning", status: "False", reason, message },
    { type: "TektonPipelineComplete", status: "True", reason, message },
    { type: "Stuck", status: "False", reason, message: "" },
  ];
}
