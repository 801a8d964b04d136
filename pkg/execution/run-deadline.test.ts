import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../test/support/builders/a-pipeline-run.ts";
import { aCase } from "../../test/support/builders/a-snapshot.ts";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../test/support/builders/moments.ts";
import type { WorkflowExecutionSpec } from "../api/workflow-execution.ts";
import { withConditions } from "./conditions.ts";
import { runDeadline } from "./run-deadline.ts";

function deadline(progress: "running" | "started", spec: Partial<WorkflowExecutionSpec>, conditions = true): number {
  const created = { type: "TektonPipelineCreated", status: "True", reason: "Created", message: "" } as const;
  const written = withConditions([], [created], { now: after(1), generation: 1 });
  const execution = aWorkflowExecution({ spec, status: conditions ? { conditions: written } : {} });
  return runDeadline(
    aCase({ execution }),
    aPipelineRun(execution, progress, { spec: { timeouts: { pipeline: "1m30s" } } }),
  );
}

describe("the time by which a run must have ended", () => {
  it("is its own timeout after Tekton's start", () => {
    assert.equal(deadline("running", {}), after(92));
  });
  it("counts from the intent to start it where Tekton hasn't looked at it yet", () => {
    assert.equal(deadline("started", {}), after(91));
  });
  it("is timesOutAt where that is earlier", () => {
    assert.equal(deadline("running", { timesOutAt: timeAfter(60) }), after(60));
    assert.equal(deadline("running", { timesOutAt: timeAfter(600) }), after(92));
  });
  it("is never where nothing says when it began", () => {
    assert.equal(deadline("started", {}, false), Infinity);
  });
});
