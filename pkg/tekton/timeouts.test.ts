import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../test/support/builders/moments.ts";
import type { WorkflowExecutionSpec } from "../api/workflow-execution.ts";
import { runTimeouts, tektonTimeouts } from "./timeouts.ts";

const MINUTE = 60_000;

function timeoutsOf(spec: Partial<WorkflowExecutionSpec>): ReturnType<typeof tektonTimeouts> {
  return tektonTimeouts(runTimeouts(aWorkflowExecution({ spec }), 30 * MINUTE, after(0)));
}

describe("the timeouts of a run", () => {
  const cases: Readonly<
    Record<string, readonly [Partial<WorkflowExecutionSpec>, whole: string, tasks: string, last: string]>
  > = {
    "are the configured ones": [{}, "30m0s", "25m0s", "5m0s"],
    "are the execution's own": [{ executionConfig: { timeout: "1h" } }, "1h0m0s", "55m0s", "5m0s"],
    "keep a quarter for finally where they are short": [{ executionConfig: { timeout: "8m" } }, "8m0s", "6m0s", "2m0s"],
    "keep for finally what the execution asks for": [
      { executionConfig: { timeout: "8m", finallyTimeout: "3m" } },
      "8m0s",
      "5m0s",
      "3m0s",
    ],
    "keep a quarter where it asks for more than is left": [
      { timesOutAt: timeAfter(120), executionConfig: { finallyTimeout: "3m" } },
      "2m0s",
      "1m30s",
      "30s",
    ],
    "end at the deadline where that is earlier": [{ timesOutAt: timeAfter(120) }, "2m0s", "1m30s", "30s"],
    "end before the deadline where that is later": [{ timesOutAt: timeAfter(7200) }, "30m0s", "25m0s", "5m0s"],
    "are at least a second where the deadline is over": [{ timesOutAt: timeAfter(-60) }, "1s", "750ms", "250ms"],
  };
  for (const [sentence, [spec, pipeline, tasks, last]] of Object.entries(cases)) {
    it(sentence, () => {
      assert.deepEqual(timeoutsOf(spec), { pipeline, tasks, finally: last });
    });
  }
  it("always add up, as Tekton demands, with time for the tasks", () => {
    const seconds = fc.integer({ min: 1, max: 86_400 });
    fc.assert(
      fc.property(seconds, seconds, fc.integer({ min: -60, max: 90_000 }), (timeout, last, deadline) => {
        const executionConfig = { timeout: `${String(timeout)}s`, finallyTimeout: `${String(last)}s` };
        const execution = aWorkflowExecution({ spec: { executionConfig, timesOutAt: timeAfter(deadline) } });
        const { pipelineMs, tasksMs, finallyMs } = runTimeouts(execution, 30 * MINUTE, after(0));
        assert.equal(tasksMs + finallyMs, pipelineMs);
        assert.ok(tasksMs > 0 && finallyMs > 0);
      }),
    );
  });
});
