import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../test/support/builders/a-pipeline-run.ts";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import { timeAfter } from "../../test/support/builders/moments.ts";
import type { ObjectMeta } from "../api/meta.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import { newerRuns, oldestFinishedRun } from "./newer-runs.ts";
import { createStores, type Stores } from "./stores.ts";

type Run = "kept" | "none" | "being deleted";

interface Wishes {
  readonly phase?: "Running" | "Completed" | "Failed";
  /** Seconds after the beginning. */
  readonly ended?: number;
  readonly run?: Run;
}

const DELETED: Readonly<Record<Run, Partial<ObjectMeta>>> = {
  kept: {},
  none: {},
  "being deleted": { deletionTimestamp: timeAfter(900) },
};

function add(
  stores: Stores,
  name: string,
  { phase = "Completed", ended = 0, run = "kept" }: Wishes,
): WorkflowExecution {
  const w = aWorkflowExecution({ metadata: { name, uid: name }, status: { phase, completionTime: timeAfter(ended) } });
  stores.executions.applyWrite(w);
  if (run !== "none") stores.runs.applyWrite(aPipelineRun(w, "succeeded", { metadata: metadataOf(name, run) }));
  return w;
}

function metadataOf(name: string, run: Run): Partial<ObjectMeta> {
  return { name: `run-of-${name}`, uid: `run-of-${name}`, ...DELETED[run] };
}

describe("how many finished runs are newer", () => {
  const cases: Readonly<Record<string, readonly [other: Wishes, newer: number]>> = {
    "one that ended later": [{ ended: 11 }, 1],
    "one that failed later": [{ ended: 11, phase: "Failed" }, 1],
    "one that ended before": [{ ended: 9 }, 0],
    "one that still runs": [{ ended: 11, phase: "Running" }, 0],
    "one whose run is gone": [{ ended: 11, run: "none" }, 0],
    "one whose run is being deleted": [{ ended: 11, run: "being deleted" }, 0],
  };
  for (const [sentence, [other, newer]] of Object.entries(cases)) {
    it(`${newer === 0 ? "doesn't count" : "counts"} ${sentence}`, () => {
      const stores = createStores();
      const own = add(stores, "own", { ended: 10 });
      add(stores, "other", other);
      assert.equal(newerRuns(own, stores), newer);
    });
  }
  it("is another number for each of those that ended in the same second", () => {
    const stores = createStores();
    const all = ["a", "b", "c"].map((name) => add(stores, name, { ended: 10 }));
    assert.deepEqual(
      all.map((one) => newerRuns(one, stores)),
      [2, 1, 0],
    );
  });
  it("is 0 for one that hasn't ended, or has no run", () => {
    const stores = createStores();
    add(stores, "other", { ended: 11 });
    assert.equal(newerRuns(add(stores, "running", { phase: "Running" }), stores), 0);
    assert.equal(newerRuns(add(stores, "bare", { ended: 1, run: "none" }), stores), 0);
  });
});

describe("the next one to lose its run", () => {
  it("is the one that ended first", () => {
    const stores = createStores();
    add(stores, "second", { ended: 10 });
    add(stores, "gone", { ended: 1, run: "none" });
    add(stores, "running", { phase: "Running", ended: 1 });
    add(stores, "first", { ended: 5 });
    assert.equal(oldestFinishedRun(stores)?.metadata.name, "first");
  });
  it("is nobody where no finished run is kept", () => {
    assert.equal(oldestFinishedRun(createStores()), undefined);
  });
});
