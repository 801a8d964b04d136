/** The statuses of PipelineRuns that Tekton writes, as recorded from Tekton 1.15 (test/data). */
import type { ChildReference, PipelineRun, PipelineRunStatus, TektonCondition } from "../../../pkg/api/tekton.ts";
import { toTimestamp } from "../../../pkg/api/time.ts";
import { succeeded } from "./condition.ts";
import type { RunOutcome } from "./next-move.ts";
import type { TaskName } from "./objects.ts";

/** A run that waits for its start. */
export function pendingRun(run: PipelineRun, now: number): PipelineRunStatus {
  const message = `PipelineRun "${run.metadata.name}" is pending`;
  return { conditions: [succeeded("Unknown", { reason: "PipelineRunPending", message, now })] };
}

/** A run whose pipeline was fetched. */
export function begunRun(run: PipelineRun, now: number, hasFinally: boolean): PipelineRunStatus {
  const message = "Tasks Completed: 0 (Failed: 0, Cancelled 0), Incomplete: 1, Skipped: 0";
  return {
    ...run.status,
    startTime: toTimestamp(now),
    conditions: [succeeded("Unknown", { reason: "Running", message, now })],
    pipelineSpec: { tasks: [{ name: "act" }], ...(hasFinally ? { finally: [{ name: "cleanup" }] } : {}) },
    provenance: { refSource: { uri: bundleOf(run), digest: { sha256: digestOf(run) } } },
    childReferences: [childOf(run, "act")],
  };
}

/** Why a run that is being stopped is still Unknown while its `finally` task runs. */
const STOPPING: ReadonlyMap<string | undefined, string> = new Map([
  ["CancelledRunFinally", "CancelledRunningFinally"],
  ["StoppedRunFinally", "StoppedRunningFinally"],
]);

/** A run whose `finally` task is to run. */
export function begunFinally(run: PipelineRun, now: number): PipelineRunStatus {
  const message = "Tasks Completed: 1 (Failed: 0, Cancelled 0), Incomplete: 1, Skipped: 0";
  const reason = STOPPING.get(run.spec.status) ?? "Running";
  return {
    ...run.status,
    finallyStartTime: toTimestamp(now),
    conditions: [succeeded("Unknown", { reason, message, now })],
    childReferences: [...(run.status?.childReferences ?? []), childOf(run, "cleanup")],
  };
}

/** A run that has ended. */
export function endedRun(run: PipelineRun, outcome: RunOutcome, now: number): PipelineRunStatus {
  return { ...run.status, completionTime: toTimestamp(now), conditions: [endOf(run, outcome, now)] };
}

function endOf({ metadata, spec }: PipelineRun, outcome: RunOutcome, now: number): TektonCondition {
  const tasks = `Tasks Completed: 1 (Failed: ${outcome === "failed" ? "1" : "0"}, Cancelled 0), Skipped: 0`;
  switch (outcome) {
    case "succeeded":
      return succeeded("True", { reason: "Succeeded", message: tasks, now });
    case "failed":
      return succeeded("False", { reason: "Failed", message: tasks, now });
    case "cancelled":
      return succeeded("False", {
        reason: "Cancelled",
        message: `PipelineRun "${metadata.name}" was cancelled`,
        now,
      });
    case "timedOut": {
      const message = `PipelineRun "${metadata.name}" failed to finish within "${spec.timeouts?.pipeline ?? ""}"`;
      return succeeded("False", { reason: "PipelineRunTimeout", message, now });
    }
  }
}

function childOf({ metadata }: PipelineRun, task: TaskName): ChildReference {
  return { kind: "TaskRun", name: `${metadata.name}-${task}`, pipelineTaskName: task };
}

function bundleOf(run: PipelineRun): string {
  return run.spec.pipelineRef?.params.find(({ name }) => name === "bundle")?.value ?? "";
}

/** The digest that was asked for; for a tag, one that stands for what a registry would say. */
function digestOf(run: PipelineRun): string {
  return /@sha256:([0-9a-f]{64})$/.exec(bundleOf(run))?.[1] ?? "2".repeat(64);
}
