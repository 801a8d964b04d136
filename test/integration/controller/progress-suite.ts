import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PipelineRun } from "../../../pkg/api/tekton.ts";
import { toTimestamp } from "../../../pkg/api/time.ts";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import type { World } from "../../support/controller-world.ts";
import {
  conditionStatus,
  create,
  runsOf,
  untilRunning,
  untilSettled,
  untilStatus,
  type ControllerContext,
} from "./context.ts";
import { factsOf } from "./records.ts";
import { createAtWork, podsOf } from "./stopping.ts";

/** How long a run may be silent before it is called stuck, in these tests. */
export const STUCK_AFTER = "3s";

/** What is told of a run while it runs. */
export function testProgress(context: ControllerContext): void {
  testStuck(context);
  testCoalescing(context);
  testRepeatedPod(context);
}

function testStuck(context: ControllerContext): void {
  describe("a run of which nothing moves", () => {
    it("is called stuck after a while, and no longer once it goes on", async () => {
      const world = context.world();
      const parameters = { PLAY_PODS_WAIT: "true" };
      await create(world, { name: "stuck", target: "payment/deployment/stuck", parameters });
      const running = await untilRunning(world, "stuck");
      assert.notEqual(conditionStatus(running.status, "Stuck"), "True");
      const stuck = await untilStatus(world, "stuck", "stuck", (s) => conditionStatus(s, "Stuck") === "True");
      assert.equal(stuck.status?.reason, "NoProgress");
      assert.match(stuck.status.message ?? "", /nothing of the run has moved since/);
      world.player.end(running.metadata.uid ?? "", "never");
      const goesOn = await untilStatus(world, "stuck", "going on", (s) => conditionStatus(s, "Stuck") === "False");
      assert.equal(goesOn.status?.reason, "Running");
      world.player.end(running.metadata.uid ?? "", "succeed");
      assert.equal((await untilSettled(world, "stuck")).status?.phase, "Completed");
    });
  });
}

/** How long the run's status changes all the time. */
const BUSY_MS = 3_500;

function testCoalescing(context: ControllerContext): void {
  describe("a run whose status changes all the time", () => {
    it("makes its execution's status change about once a second", async () => {
      const world = context.world();
      const running = await createAtWork(world, "busy");
      const writes = countWrites(world, running);
      const began = performance.now();
      const changes = await keepBusy(world, running);
      const seconds = (performance.now() - began) / 1_000;
      const told = `${String(writes.count)} writes of the status, ${String(changes)} of the run in ${String(seconds)} s`;
      assert.ok(writes.count >= 2 && writes.count <= seconds + 2 && writes.count < changes, told);
      world.player.end(running.metadata.uid ?? "", "succeed");
      await untilSettled(world, "busy");
    });
  });
}

/** Counts the versions of an execution from now on. */
function countWrites(world: World, { metadata }: WorkflowExecution): { readonly count: number } {
  const writes = { count: 0 };
  world.stores.executions.subscribe(({ after }) => {
    if (after?.metadata.uid === metadata.uid) writes.count += 1;
  });
  return writes;
}

/** Changes the message of its run again and again. Says how often. */
async function keepBusy(world: World, execution: WorkflowExecution): Promise<number> {
  let [run] = runsOf(world, execution);
  const end = performance.now() + BUSY_MS;
  let changes = 0;
  while (run !== undefined && performance.now() < end) {
    changes += 1;
    run = await world.api.runs.replaceStatus(withMessage(run, `change ${String(changes)}`));
  }
  return changes;
}

function withMessage(run: PipelineRun, message: string): PipelineRun {
  const lastTransitionTime = toTimestamp(Date.now());
  const conditions = (run.status?.conditions ?? []).map((one) => ({ ...one, message, lastTransitionTime }));
  return { ...run, status: { ...run.status, conditions } };
}

function testRepeatedPod(context: ControllerContext): void {
  describe("a pod that is deleted by force and made again while its run goes on", () => {
    it("is told of by a condition, in the message of the end, and on record", async () => {
      const world = context.world();
      const running = await createAtWork(world, "repeated", { PLAY_REMAKES_POD: "true" });
      const [pod] = podsOf(world, running);
      assert.ok(pod);
      const { uid = "" } = pod.metadata;
      await world.api.pods.delete(pod.metadata, { uid, gracePeriodSeconds: 0 });
      await untilStatus(world, "repeated", "told", (s) => conditionStatus(s, "StepsRepeated") === "True");
      const next = await world.until("the next pod", () =>
        podsOf(world, running).find((one) => one.metadata.uid !== uid),
      );
      assert.equal(next.metadata.name, pod.metadata.name);
      world.player.end(running.metadata.uid ?? "", "succeed");
      const settled = await untilSettled(world, "repeated");
      const words = `pod ${pod.metadata.name} was deleted and made again`;
      assert.equal(settled.status?.phase, "Completed");
      assert.ok(settled.status.message?.includes(words), settled.status.message);
      const { repeatedSteps = "" } = await factsOf(world, settled, "completed");
      assert.ok(repeatedSteps.includes(words) && repeatedSteps.includes(uid), repeatedSteps);
    });
  });
}
