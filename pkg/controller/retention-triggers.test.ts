import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../test/support/builders/a-pipeline-run.ts";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import { timeAfter } from "../../test/support/builders/moments.ts";
import type { ObjectMeta } from "../api/meta.ts";
import type { PipelineRun } from "../api/tekton.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import type { Stores } from "./stores.ts";
import { keysOf, withVersion } from "./testing/keys-of.ts";

const w = aWorkflowExecution();
const own = "execution/remediation/restart-checkout";

describe("the oldest execution whose run is kept hears", () => {
  function ended(name: string, seconds: number): WorkflowExecution {
    const status = { phase: "Completed", completionTime: timeAfter(seconds) } as const;
    return aWorkflowExecution({ metadata: { name, uid: `uid-of-${name}` }, status });
  }
  function runOf(one: WorkflowExecution, metadata: Partial<ObjectMeta> = {}): PipelineRun {
    const name = `run-of-${one.metadata.name}`;
    const labels = { "kubernaut.ai/workflow-execution-uid": one.metadata.uid ?? "" };
    return aPipelineRun(one, "succeeded", { metadata: { name, uid: name, labels, ...metadata } });
  }
  const [third, first, second] = [ended("third", 30), ended("first", 10), ended("second", 20)];
  const oldest = "execution/remediation/first";

  function heard(change: (stores: Stores) => void): readonly string[] {
    return keysOf((stores) => {
      for (const one of [third, first, second]) {
        stores.executions.applyWrite(one);
        stores.runs.apply({ type: "ADDED", object: runOf(one) });
      }
      stores.executions.applyWrite(w);
    }, change);
  }
  it("that one more has ended: its run may be one too many now", () => {
    const keys = heard(({ executions }) => {
      executions.applyWrite(withVersion(aWorkflowExecution({ status: { phase: "Failed" } }), "101"));
    });
    assert.deepEqual(keys, [oldest, own]);
  });
  it("that an older run goes: its own may be the next", () => {
    const metadata = { resourceVersion: "201", deletionTimestamp: timeAfter(40) };
    const being = heard(({ runs }) => {
      runs.apply({ type: "MODIFIED", object: runOf(first, metadata) });
    });
    assert.deepEqual(being, [oldest, "execution/remediation/second"]);
    const gone = heard(({ runs }) => {
      runs.apply({ type: "DELETED", object: runOf(first, { resourceVersion: "201" }) });
    });
    assert.deepEqual(gone, [oldest, "execution/remediation/second"]);
  });
  it("nothing of what changes otherwise", () => {
    const keys = heard(({ executions, runs }) => {
      executions.applyWrite(withVersion(third, "101"));
      runs.apply({ type: "MODIFIED", object: runOf(third, { resourceVersion: "201" }) });
    });
    assert.deepEqual(keys, ["execution/remediation/third"]);
  });
});
