/** A7: follows the started run: Running with progress, the end, or its disappearance. */
import type { PipelineRun } from "../../api/tekton.ts";
import type { ExecutionStatus } from "../../api/workflow-execution.ts";
import { strandedPods, type AliveChild } from "../../tekton/alive.ts";
import { cleanText } from "../../tekton/clean-text.ts";
import { progressOf } from "../../tekton/progress.ts";
import { isDone, isPendingRun } from "../../tekton/run-state.ts";
import { stuck, type Stuck } from "../../tekton/stuck.ts";
import type { ConditionChange } from "../conditions.ts";
import { startedEvent } from "../facts.ts";
import { CHILDREN, lookAtFirst } from "../look.ts";
import { exactly, ownRun } from "../own-run.ts";
import type { Case } from "../rule.ts";
import { DONE, type Step } from "../step.ts";
import { writeStatus } from "../write-status.ts";
import { ended, vanished } from "./ended.ts";
import { aliveRemains, awaitRemains } from "./remains.ts";

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

function runRunning({ s, w }: Case, run: PipelineRun): Step {
  const isFirst = w.status?.phase !== "Running";
  if (isFirst && !hasBegun(s, run)) return DONE;
  const nextWrite = (s.statusWrittenAt ?? 0) + PROGRESS_INTERVAL_MS;
  const write = writeRunning({ s, w }, run);
  if (write === undefined) return DONE;
  return isFirst || s.now >= nextWrite ? write : { type: "Wait", until: nextWrite };
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

function writeRunning({ s, w }: Pick<Case, "s" | "w">, run: PipelineRun): Step | undefined {
  const evidence = { run, taskRuns: s.taskRuns.value, pods: s.pods.value };
  const executionStatus = progressOf(evidence);
  const obstacle = stuck(evidence);
  const { reason, message } = obstacle ?? { reason: "Running", message: progressMessage(executionStatus) };
  const startTime = run.status?.startTime;
  return writeStatus(s, w, {
    status: {
      ...{ phase: "Running", reason, message, executionStatus, pipelineRunStatus: executionStatus },
      ...(startTime === undefined ? {} : { startTime }),
    },
    conditions: [runningCondition(executionStatus.message ?? ""), stuckCondition(obstacle)],
    events: w.status?.phase === "Running" ? [] : [startedEvent(w, run)],
  });
}

function progressMessage({ currentTask = "none yet", progress = "" }: ExecutionStatus): string {
  return `task ${currentTask}, ${progress} tasks done`;
}

function runDone(c: Case, run: PipelineRun): Step {
  const { s, policy } = c;
  const looking = lookAtFirst(s, CHILDREN, policy.executionNamespace);
  if (looking !== undefined) return looking;
  const [stranded] = strandedPods(run, s.pods.value);
  if (stranded !== undefined) return { type: "DeletePod", pod: exactly(stranded) };
  const alive = aliveRemains(c);
  return alive.length > 0 ? waitForPods(c, run, alive) : ended(c, run);
}

/** The run's outcome is mirrored at once; the terminal phase waits until nothing of it can act any more (BR-WE-003). */
function waitForPods({ s, w }: Case, run: PipelineRun, alive: readonly AliveChild[]): Step {
  const executionStatus = progressOf({ run, taskRuns: s.taskRuns.value });
  const names = alive.map((child) => `${child.kind} ${child.name}`).join(", ");
  const message = cleanText(`the run is done (${executionStatus.reason ?? ""}), waiting for ${names}`);
  const started = w.status?.phase === "Running" ? [] : [startedEvent(w, run)];
  return (
    writeStatus(s, w, {
      status: {
        phase: "Running",
        reason: "WaitingForPods",
        message,
        executionStatus,
        pipelineRunStatus: executionStatus,
      },
      conditions: [{ type: "TektonPipelineComplete", status: "False", reason: "WaitingForPods", message }],
      events: started,
    }) ?? DONE
  );
}

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
