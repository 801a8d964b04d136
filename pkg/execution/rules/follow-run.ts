/** A7: follows the started run: Running with progress, the end, or its disappearance. */
import type { PipelineRun } from "../../api/tekton.ts";
import { fromTimestamp, toTimestamp } from "../../api/time.ts";
import type { ExecutionStatus } from "../../api/workflow-execution.ts";
import { strandedPods, type AliveChild } from "../../tekton/alive.ts";
import { cleanText } from "../../tekton/clean-text.ts";
import { isStepRunning, lastProgress } from "../../tekton/last-progress.ts";
import { logToRead } from "../../tekton/log-to-read.ts";
import { progressOf } from "../../tekton/progress.ts";
import type { RunEvidence } from "../../tekton/run-evidence.ts";
import { isDone, isPendingRun, runState } from "../../tekton/run-state.ts";
import { stopReasonOf } from "../../tekton/run-stop.ts";
import { stuck, type Stuck } from "../../tekton/stuck.ts";
import type { ConditionChange } from "../conditions.ts";
import { startedEvent } from "../facts.ts";
import { isBarren } from "../barren-run.ts";
import { CHILDREN, CHILDREN_FIRST, lookAtFirst } from "../look.ts";
import { exactly, exactVersion, ownRun } from "../own-run.ts";
import type { Case } from "../rule.ts";
import { repeatedCondition } from "../repeated-steps.ts";
import { runEvidence } from "../run-evidence-of.ts";
import { DONE, type Step } from "../step.ts";
import { missedTaskRun } from "../stragglers.ts";
import { writeStatus } from "../write-status.ts";
import { ended, vanished } from "./ended.ts";
import { aliveRemains, awaitRemains } from "./remains.ts";
import { nextStop } from "./stop-run.ts";

/** Follows the bound run. */
export function followRun(c: Case): Step | undefined {
  if (c.w.status?.executionRef === undefined) return undefined;
  const run = ownRun(c.s, c.w);
  if (run === undefined) return runGone(c);
  if (isPendingRun(run)) return undefined;
  return isDone(run) ? runDone(c, run) : runRunning(c, run);
}

/** Progress alone is written at most this often. */
const PROGRESS_INTERVAL_MS = 1000;

function runRunning(c: Case, run: PipelineRun): Step {
  const { s, w } = c;
  const isFirst = w.status?.phase !== "Running";
  const until = nextMoment(c, run);
  if (isFirst && !hasBegun(s, run)) return notBegun(c, run) ?? waitUntil(until);
  const log = readLog(runEvidence(s, run));
  if (log !== undefined) return log;
  const write = writeRunning(c, run);
  if (write === undefined) return waitUntil(until);
  const nextWrite = (s.statusWrittenAt ?? 0) + PROGRESS_INTERVAL_MS;
  return isFirst || s.now >= nextWrite ? write : { type: "Wait", until: Math.min(nextWrite, until) };
}

/** Tekton is down, or can't fetch the bundle: said in time, while the execution stays Pending. */
function notBegun(c: Case, run: PipelineRun): Step | undefined {
  const obstacle = stalled(c, run);
  if (obstacle === undefined) return undefined;
  return writeStatus(c.s, c.w, { status: obstacle, conditions: [stuckCondition(obstacle)] });
}

/** When (ms) something is to be done about a run of which nothing more is heard. */
function nextMoment(c: Case, run: PipelineRun): number {
  const moments = [nextStop(c, run), stalledAt(c, run)];
  return Math.min(...moments.filter((at) => at > c.s.now));
}

function waitUntil(until: number): Step {
  return Number.isFinite(until) ? { type: "Wait", until } : DONE;
}

/** The log of a step that failed or is being stopped, read while its pod is there. */
function readLog(evidence: RunEvidence): Step | undefined {
  const wanted = logToRead(evidence);
  return wanted === undefined ? undefined : { type: "ReadLog", ...wanted };
}

/**
 * Tekton has fetched the bundle, and the tasks that it named are known here: so Running and the first progress are one
 * write.
 */
function hasBegun(s: Case["s"], run: PipelineRun): boolean {
  const { pipelineSpec, childReferences = [] } = run.status ?? {};
  if (pipelineSpec === undefined) return false;
  return childReferences.length === 0 || s.taskRuns.value.length + s.customRuns.value.length > 0;
}

function writeRunning(c: Case, run: PipelineRun): Step | undefined {
  const { s, w } = c;
  const evidence = runEvidence(s, run);
  const executionStatus = progressOf(evidence);
  const obstacle = stuck(evidence) ?? stalled(c, run);
  const { reason, message } = obstacle ?? stopping(run) ?? goingOn(executionStatus);
  const startTime = run.status?.startTime;
  return writeStatus(s, w, {
    status: {
      ...{ phase: "Running", reason, message, executionStatus, pipelineRunStatus: executionStatus },
      ...(startTime === undefined ? {} : { startTime }),
    },
    conditions: [
      runningCondition(executionStatus.message ?? ""),
      stuckCondition(obstacle),
      ...repeatedCondition(w, evidence),
    ],
    events: w.status?.phase === "Running" ? [] : [startedEvent(w, run)],
  });
}

/** When (ms) the silence of a run counts as being stuck. */
function stalledAt(c: Case, run: PipelineRun): number {
  return silentSince(c, run) + c.policy.stuckAfterMs;
}

/** Since when (ms) nothing of a run has moved; Infinity while a step runs: steps may take their time. */
function silentSince({ s }: Case, run: PipelineRun): number {
  const evidence = runEvidence(s, run);
  return isStepRunning(evidence) ? Infinity : (lastProgress(evidence) ?? Infinity);
}

function stalled(c: Case, run: PipelineRun): Stuck | undefined {
  if (c.s.now < stalledAt(c, run)) return undefined;
  const since = toTimestamp(silentSince(c, run));
  return { reason: "NoProgress", message: `nothing of the run has moved since ${since}, and no step is running` };
}

function stopping(run: PipelineRun): Stuck | undefined {
  const why = stopReasonOf(run);
  if (why === undefined) return undefined;
  return { reason: "Stopping", message: `the run is being stopped (${why}, ${run.spec.status ?? ""})` };
}

function goingOn({ currentTask = "none yet", progress = "" }: ExecutionStatus): Stuck {
  return { reason: "Running", message: `task ${currentTask}, ${progress} tasks done` };
}

function runDone(c: Case, run: PipelineRun): Step {
  const { s, policy } = c;
  const looking = lookAtFirst(s, isBarren(run) ? CHILDREN_FIRST : CHILDREN, policy.executionNamespace);
  if (looking !== undefined) return looking;
  const log = runState(run).phase === "succeeded" ? undefined : readLog(runEvidence(s, run));
  if (log !== undefined) return log;
  const missed = missedTaskRun(s.taskRuns.value);
  if (missed !== undefined) return { type: "CancelTaskRun", taskRun: exactVersion(missed) };
  const [stranded] = strandedPods(run, s.pods.value);
  if (stranded !== undefined) return { type: "DeletePod", pod: exactly(stranded) };
  const alive = aliveRemains(c);
  return alive.length > 0 ? waitForPods(c, run, alive) : ended(c, run);
}

/** The run's outcome is mirrored at once; the terminal phase waits until nothing of it can act any more (BR-WE-003). */
function waitForPods({ s, w, policy }: Case, run: PipelineRun, alive: readonly AliveChild[]): Step {
  const executionStatus = progressOf({ run, taskRuns: s.taskRuns.value });
  const names = alive.map((child) => `${child.kind} ${child.name} (${child.why})`).join(", ");
  const message = cleanText(`the run is done (${executionStatus.reason ?? ""}), waiting for ${names}`);
  const stuckAt = fromTimestamp(run.status?.completionTime ?? "") + policy.stuckAfterMs;
  const write = writeStatus(s, w, {
    status: {
      phase: "Running",
      reason: "WaitingForPods",
      message,
      executionStatus,
      pipelineRunStatus: executionStatus,
    },
    conditions: [
      { type: "TektonPipelineComplete", status: "False", reason: "WaitingForPods", message },
      ...(s.now >= stuckAt ? [stuckCondition({ reason: "PodsRemain", message: `${message}. ${LOST_NODE}` })] : []),
      ...repeatedCondition(w, runEvidence(s, run)),
    ],
    events: w.status?.phase === "Running" ? [] : [startedEvent(w, run)],
  });
  return write ?? waitUntil(stuckAt > s.now ? stuckAt : Infinity);
}

/** We never do that: a container that goes on without its Pod object can't be seen by anybody. */
const LOST_NODE =
  "Where its node is gone for good, delete it by force: until then it may still act, and its target stays locked";

/** Nobody of us deletes a bound run before the execution has ended: somebody else did. BR-WE-007. */
function runGone(c: Case): Step {
  const { namespace = "", name = "" } = c.w.status?.executionRef ?? {};
  const message = `PipelineRun ${namespace}/${name} was deleted by somebody else; the target stays locked until nothing of it can act any more`;
  return awaitRemains(c, { reason: "PipelineRunDeletedExternally", message }) ?? vanished(c);
}

function runningCondition(message: string): ConditionChange {
  return { type: "TektonPipelineRunning", status: "True", reason: "Running", message };
}

function stuckCondition(obstacle: Stuck | undefined): ConditionChange {
  if (obstacle === undefined) return { type: "Stuck", status: "False", reason: "Progressing", message: "" };
  return { type: "Stuck", status: "True", ...obstacle };
}
