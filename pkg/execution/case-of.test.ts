import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../test/support/builders/a-pipeline-run.ts";
import { aPolicy, aSnapshot } from "../../test/support/builders/a-snapshot.ts";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import type { PipelineRun } from "../api/tekton.ts";
import { caseOf, hiddenOf } from "./case-of.ts";

const SECRET = "s3cret-of-nobody";
const w = aWorkflowExecution({ spec: { parameters: { API_TOKEN: SECRET } } });

function runIn(run: PipelineRun): PipelineRun | undefined {
  return caseOf(aSnapshot({ execution: w, runs: [run] }), w, aPolicy()).s.runs.value[0];
}

describe("what the rules decide from", () => {
  it("has no hidden value in messages, and everything else as it was", () => {
    const run = aPipelineRun(w, "running");
    const condition = { type: "Succeeded", status: "False", reason: SECRET } as const;
    const said = { ...run, status: { ...run.status, conditions: [{ ...condition, message: `was ${SECRET}` }] } };
    const shown = { ...said, status: { ...said.status, conditions: [{ ...condition, message: "was [redacted]" }] } };
    assert.deepEqual(runIn(said), shown);
  });

  it("has a run's annotations and parameters untouched: they are written back, and are what the run is for", () => {
    const run = aPipelineRun(w, "running");
    const annotations = { message: SECRET };
    const params = [{ name: "text", value: SECRET }];
    const noted = { ...run, metadata: { ...run.metadata, annotations }, spec: { ...run.spec, params } };
    assert.deepEqual(runIn(noted), noted);
  });

  it("may be anything that a status holds", () => {
    const odd = { ...aPipelineRun(w, "running"), status: { conditions: [null, 7, { message: null }] } };
    assert.deepEqual(runIn(odd as unknown as PipelineRun), odd);
  });

  it("is the snapshot itself where nothing is hidden", () => {
    const s = aSnapshot();
    assert.equal(caseOf(s, aWorkflowExecution(), aPolicy()).s, s);
  });
});

describe("the hidden values of an execution", () => {
  it("are none where all its parameters are shown, or where it is gone", () => {
    assert.deepEqual(hiddenOf(w, aPolicy({ shownParameters: ["API_TOKEN"] })), []);
    assert.deepEqual(hiddenOf(undefined, aPolicy()), []);
    assert.deepEqual(hiddenOf(w, aPolicy()), [SECRET]);
  });
});
