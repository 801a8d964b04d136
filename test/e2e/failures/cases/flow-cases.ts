import { bundled } from "../bundles.ts";
import { blamesChange, SUCCEEDS, type FaultCase } from "../fault-case.ts";
import { afterPreparing, step, task } from "../workflow.ts";

/** Which attempt it is, from 0. */
const ATTEMPT = { env: [{ name: "ATTEMPT", value: "$(context.task.retry-count)" }] };

/** Retries, `finally`, and several tasks that fail. */
export const flowCases: readonly FaultCase[] = [
  {
    name: "retry-succeeds",
    when: "a task fails once and succeeds when Tekton tries it again",
    bundle: bundled({
      tasks: [task("change", [step("change", 'test "$ATTEMPT" -gt 0', ATTEMPT)], { retries: 1 })],
    }),
    expected: SUCCEEDS,
  },
  {
    name: "retry-fails",
    when: "a task fails each time that Tekton tries it",
    bundle: bundled({
      tasks: [task("change", [step("change", 'exit "$((ATTEMPT + 5))"', ATTEMPT)], { retries: 1 })],
    }),
    expected: blamesChange("TaskFailed", {
      step: "change",
      exitCode: 6,
      executed: true,
      retryable: false,
      summary: /exit code 6/,
    }),
  },
  {
    name: "finally-fails",
    when: "all tasks succeed and one in finally fails",
    bundle: bundled({
      ...afterPreparing(),
      finally: [task("change", [step("change", "exit 9")])],
    }),
    expected: blamesChange(
      "TaskFailed",
      {
        step: "change",
        exitCode: 9,
        executed: true,
        retryable: false,
        summary: /Task change \(1 of 1 in finally\).*completed: prepare/,
      },
      1,
    ),
  },
  {
    name: "two-fail",
    when: "two tasks fail side by side and a third in finally",
    bundle: bundled({
      tasks: [
        task("slow", [step("slow", "sleep 25\nexit 2")]),
        task("change", [step("change", "exit 1")]),
        task("after", [step("after", "echo never")], { runAfter: ["change"] }),
      ],
      finally: [task("cleanup", [step("cleanup", "exit 3")])],
    }),
    expected: blamesChange(
      "TaskFailed",
      {
        step: "change",
        exitCode: 1,
        executed: true,
        retryable: false,
        summary: /Task change \(2 of 3\).*failed: slow, cleanup.*never run: after/,
      },
      1,
    ),
  },
];
