import { bundled } from "../bundles.ts";
import { blamesChange, type FaultCase } from "../fault-case.ts";
import { change, endlessStep, step, task, WAITING, waitingStep } from "../workflow.ts";

const STOPPED = { executed: true, retryable: true, step: "change" } as const;

/** Time that runs out. */
export const timeCases: readonly FaultCase[] = [
  {
    name: "task-timeout",
    when: "a task takes longer than it may",
    bundle: bundled({ tasks: [task("change", [waitingStep()], { timeout: "25s" })] }),
    expected: blamesChange("DeadlineExceeded", {
      ...STOPPED,
      summary: /failed to finish within "25s"/,
      logTail: WAITING,
    }),
  },
  {
    name: "step-timeout",
    when: "a step takes longer than it may",
    bundle: bundled(change(endlessStep({ timeout: "3s" }))),
    expected: blamesChange("DeadlineExceeded", { ...STOPPED, exitCode: 1, summary: /step change/ }),
  },
  {
    name: "pipeline-timeout",
    when: "a run takes longer than it may",
    bundle: bundled({ ...change(waitingStep()), finally: [task("cleanup", [step("cleanup", "echo cleaned")])] }),
    spec: { executionConfig: { timeout: "70s", finallyTimeout: "45s" } },
    expected: blamesChange("DeadlineExceeded", {
      ...STOPPED,
      summary: /failed to finish within "25s".*completed: cleanup/,
      logTail: WAITING,
    }),
  },
];
