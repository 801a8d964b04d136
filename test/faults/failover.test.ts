/**
 * PostgreSQL fails over to a copy that lost its last seconds, on a real API server with a played Tekton: what the trail
 * had acknowledged is gone from it. All of it that the cluster still knows must come back, and the trail must say so.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runFailover, type FailoverOptions } from "./failover.ts";

const VARIANTS: Readonly<Record<string, FailoverOptions>> = {
  "an asynchronous standby, under a controller that works on": { copy: "standby", controller: "alive", next: "work" },
  "an asynchronous standby, under a controller that has nothing more to do": {
    copy: "standby",
    controller: "alive",
    next: "nothing",
  },
  "an asynchronous standby, while the controller is killed too and started again": {
    copy: "standby",
    controller: "restarted",
    next: "nothing",
  },
  "a cold copy of its data, under a controller that works on": { copy: "cold", controller: "alive", next: "work" },
};

describe("PostgreSQL that fails over to", () => {
  for (const [what, options] of Object.entries(VARIANTS)) {
    it(`${what}, has every event of every present execution again, and says from where on`, async () => {
      const found = await runFailover(options);
      assert.ok(found.lost.length >= 20, `only ${String(found.lost.length)} rows were lost`);
      assert.deepEqual(found.problems, []);
      const seqs = found.lost.map(({ seq }) => seq);
      const forks = found.forks.map(({ facts }) => Number(facts["lostSeq"]));
      // One for the last row that was known, and one more where a checkpoint was lost with it.
      assert.ok(Math.max(...forks) >= Math.max(...seqs), `forks at ${forks.join(", ")}`);
      assert.ok(Math.min(...forks) >= Math.min(...seqs), `forks at ${forks.join(", ")}`);
      assert.deepEqual(new Set(found.forks.map(({ reason }) => reason)), new Set(["RowsLost"]));
    });
  }
});
