/** A small campaign of test/faults/kills.test.ts, for every build. FAULT_SEED=N repeats its plan and its choices. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { renderKills, runKills } from "../../faults/kill-campaign.ts";

const SEED = Number(process.env["FAULT_SEED"] ?? 6);

describe("SIGKILL of controllers and crashes of PostgreSQL during 60 executions", () => {
  it(`lose no event and double none, seed ${String(SEED)}`, async () => {
    const report = await runKills({ seed: SEED, executions: 60, targets: 12, gap: { least: 10, most: 60 } });
    console.log(`\n${renderKills(report)}\n`);
    assert.deepEqual(report.problems, []);
    const { killed, quit, killedDatabases, outboxes } = report;
    assert.ok(killed > 0 && quit + killedDatabases > 0, "nothing was killed");
    assert.equal(outboxes.executions, 60);
    assert.ok(outboxes.events.length >= 120, `only ${String(outboxes.events.length)} events were compared`);
    assert.deepEqual(new Set(report.exitCodes), new Set([0]));
  });
});
