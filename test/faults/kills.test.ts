/**
 * 500 executions while the controllers and PostgreSQL are killed again and again, on a real API server and a durable
 * PostgreSQL, with a played Tekton. FAULT_SEED=N repeats the plan and the choices of one campaign.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { renderKills, runKills } from "./kill-campaign.ts";

const wish = process.env["FAULT_SEED"];
const SEEDS = wish === undefined ? [11] : [Number(wish)];

describe("SIGKILL of controllers and crashes of PostgreSQL during 500 executions", () => {
  for (const seed of SEEDS) {
    it(`lose no event and double none, seed ${String(seed)}`, async () => {
      const report = await runKills({ seed, executions: 500, targets: 40, gap: { least: 20, most: 120 } });
      console.log(`\n${renderKills(report)}\n`);
      assert.deepEqual(report.problems, []);
      const { killed, quit, killedDatabases, cleared, outboxes } = report;
      assert.ok(killed >= 10 && quit >= 3 && killedDatabases >= 3, "there were hardly any kills");
      assert.ok(cleared >= 3 && outboxes.gone >= 10, "people did hardly anything");
      assert.equal(outboxes.executions, 500);
      assert.ok(outboxes.events.length >= 1_500, `only ${String(outboxes.events.length)} events were compared`);
      assert.deepEqual(new Set(report.exitCodes), new Set([0]));
    });
  }
});
