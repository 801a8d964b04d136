import { bundled } from "../bundles.ts";
import { blamesNoTask, type FaultCase } from "../fault-case.ts";
import { cancel, deleteExecution, deleteRun } from "../provoke.ts";
import {
  change,
  endlessStep,
  lastingStep,
  step,
  stubbornStep,
  task,
  waitingStep,
  type Step,
  type Workflow,
} from "../workflow.ts";

const CANCELLED = { executed: true, retryable: true } as const;

/** A task with this step, one after it, and one in finally. */
function stoppable(inner: Step): Workflow {
  return {
    tasks: [task("change", [inner]), task("confirm", [step("confirm", "echo confirmed")], { runAfter: ["change"] })],
    finally: [task("cleanup", [step("cleanup", "echo cleaned")])],
  };
}

/** People who stop it, in one way or another. */
export const stopCases: readonly FaultCase[] = [
  {
    name: "cancelled",
    when: "it is cancelled (Cancel)",
    bundle: bundled(stoppable(waitingStep())),
    provoke: cancel("Cancel"),
    expected: blamesNoTask("Cancelled", {
      ...CANCELLED,
      summary: /cancelled by alice \(Cancel\): it was the wrong target.*never run: confirm, cleanup/,
    }),
  },
  {
    name: "cancelled-stubborn",
    when: "it is cancelled (Cancel), and its step doesn't want to end",
    bundle: bundled(stoppable(stubbornStep())),
    provoke: cancel("Cancel"),
    expected: blamesNoTask("Cancelled", { ...CANCELLED, summary: /cancelled by alice \(Cancel\).*was running then/ }),
  },
  {
    name: "cancelled-finally",
    when: "it is cancelled (CancelRunFinally)",
    bundle: bundled(stoppable(waitingStep())),
    provoke: cancel("CancelRunFinally"),
    expected: blamesNoTask("Cancelled", {
      ...CANCELLED,
      summary:
        /cancelled by alice \(CancelRunFinally\): it was the wrong target.*completed: cleanup.*never run: confirm/,
    }),
  },
  {
    name: "stopped-finally",
    when: "it is cancelled (StopRunFinally)",
    bundle: bundled(stoppable(lastingStep(10))),
    provoke: cancel("StopRunFinally"),
    expected: blamesNoTask("Cancelled", {
      ...CANCELLED,
      summary:
        /cancelled by alice \(StopRunFinally\): it was the wrong target.*completed: change, cleanup.*never run: confirm/,
    }),
  },
  {
    name: "run-deleted",
    when: "somebody deletes its PipelineRun",
    bundle: bundled(change(endlessStep())),
    provoke: deleteRun,
    expected: blamesNoTask("ExternallyDeleted", {
      executed: true,
      retryable: true,
      summary: /deleted by somebody else.* may have been changed/,
    }),
  },
  {
    name: "execution-deleted",
    when: "the execution itself is deleted",
    bundle: bundled(stoppable(waitingStep())),
    provoke: deleteExecution,
    expected: blamesNoTask("Cancelled", {
      ...CANCELLED,
      summary: /its WorkflowExecution was deleted.*completed: cleanup/,
    }),
  },
];
