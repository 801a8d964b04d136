import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { projectPath } from "../support/platform/manifests.ts";
import { everSeen, startedRuns } from "../support/witness/exclusive.ts";
import { assertTrail } from "./audit-trail.ts";
import { startController, type Controller } from "./controller.ts";
import { assertReleased, eventReasons, execute, settled } from "./execute.ts";
import type { Platform, Stage } from "./platform.ts";

/** The n-th write of progress depends on how fast a run goes: a point that an execution doesn't pass is tried again. */
const MOST_TRIES = 3;

/**
 * The controller is killed right after each write of a plain success, each in its turn, and started again. Which writes
 * there are is observed, not listed: a new one is covered as soon as the product makes it.
 */
export function crashSuite(stage: Stage): void {
  describe("a controller that is killed right after a write and started again", () => {
    it("still makes one run, the right outcome and one audit row, whichever write it was", async (t) => {
      const platform = stage();
      const points = await observeSuccess(platform);
      assert.ok(points.includes("StartRun") && points.includes("UpdateLock Free"), points.join(", "));
      const table: string[] = [];
      for (const point of points) {
        const began = performance.now();
        let outcome = "FAILED";
        await t.test(`after ${point}`, async () => {
          outcome = await crashAt(platform, point, points.indexOf(point));
        });
        table.push(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${point}: ${outcome}`);
      }
      console.log(`\nkilled right after:\n${table.join("\n")}\n`);
    });
  });
}

/** The writes of a plain success, in their order. */
async function observeSuccess(platform: Platform): Promise<readonly string[]> {
  const record = join(platform.folder, "success.writes");
  const controller = await startCrashing(platform, record);
  await execute(platform, wanted(platform, "crash-none"));
  await settled(platform, "crash-none");
  await controller.stop();
  return writesIn(record);
}

/** Gives in words how it went; rejects where it went wrong. */
async function crashAt(platform: Platform, point: string, index: number): Promise<string> {
  for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
    const name = `crash-${String(index + 1)}-${String(attempt)}`;
    if (await crashOnce(platform, point, name))
      return attempt === 1 ? "recovered" : `recovered (try ${String(attempt)})`;
  }
  assert.fail(`no execution passed ${point} in ${String(MOST_TRIES)} tries`);
}

/** Kills the controller there and starts it again; false where this execution ended without passing the point. */
async function crashOnce(platform: Platform, point: string, name: string): Promise<boolean> {
  const crashing = await startCrashing(platform, join(platform.folder, `${name}.writes`), point);
  const uid = await execute(platform, wanted(platform, name));
  // The last write settles the execution; its answer, at which the process dies, may come after that.
  await Promise.race([crashing.ended, settled(platform, name)]);
  const wasKilled = (await crashing.terminate()) === "SIGKILL";
  if (wasKilled) await recover(platform, name);
  await assertOneLife(platform, name, uid);
  return wasKilled;
}

async function recover(platform: Platform, name: string): Promise<void> {
  const controller = await startController(platform);
  await settled(platform, name);
  await controller.stop();
}

async function assertOneLife(platform: Platform, name: string, uid: string): Promise<void> {
  const status = await settled(platform, name);
  const changes = platform.witness.changes();
  assert.deepEqual([status.phase, status.outcome], ["Completed", "Success"]);
  assert.deepEqual([...everSeen("run", changes, uid)], [status.executionRef?.uid]);
  assert.equal(startedRuns(changes, uid).size, 1);
  assert.equal(everSeen("pod", changes, uid).size, 1);
  assertReleased(platform, status);
  assert.deepEqual(await eventReasons(platform, uid), ["ExecutionCompleted", "ExecutionStarted"]);
  const row = await assertTrail(platform.databaseUrl, uid, ["requested", "starting", "started", "completed"]);
  assert.deepEqual([row.phase, row.pipelinerun_name], ["Completed", status.executionRef?.name]);
}

function wanted({ bundles }: Platform, name: string): Parameters<typeof execute>[1] {
  const parameters = { PAUSE_SECONDS: "2" };
  return { name, workflowId: "crash", bundle: bundles.pause, target: `deployment/${name}`, parameters };
}

function startCrashing(platform: Platform, record: string, killAfter?: string): Promise<Controller> {
  const args = ["--record", record, ...(killAfter === undefined ? [] : ["--kill-after", killAfter])];
  return startController(platform, { entry: { file: projectPath("test/e2e/crashing-controller.ts"), args } });
}

async function writesIn(record: string): Promise<readonly string[]> {
  return (await readFile(record, "utf8")).trimEnd().split("\n");
}
