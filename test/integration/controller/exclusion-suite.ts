import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import type { World } from "../../support/controller-world.ts";
import {
  create,
  remove,
  runsOf,
  untilFinished,
  untilGone,
  untilSettled,
  untilStatus,
  type ControllerContext,
} from "./context.ts";
import { auditView, eventsWith } from "./records.ts";

/** One execution at a time on a target, and none too soon again. */
export function testExclusion(context: ControllerContext): void {
  testRace(context);
  testCooldown(context);
}

function testRace(context: ControllerContext): void {
  describe("two executions that are created at once for one target", () => {
    let winner: WorkflowExecution;
    let loser: WorkflowExecution;

    it("end as one that runs and one that is skipped, whatever they call the target", async () => {
      const world = context.world();
      const parameters = { PLAY_ENDING: "never" };
      await Promise.all([
        create(world, { name: "race-a", target: "payment/Deployment/race", parameters }),
        create(world, { name: "race-b", target: "payment/deployments.apps/race", parameters, workflowId: "other" }),
      ]);
      const both = [await untilDecided(world, "race-a"), await untilDecided(world, "race-b")];
      [winner, loser] = [only(both, "Running"), only(both, "Skipped")];
      assert.equal(runsOf(world, winner).length, 1);
      assert.deepEqual(runsOf(world, loser), []);
    });

    it("the skipped one says who holds the target since when, and that it can be tried again later", () => {
      const { reason, skipDetails } = loser.status ?? {};
      assert.equal(reason, "ResourceBusy");
      const { startedAt, ...holder } = skipDetails?.conflictingWorkflow ?? {};
      assert.deepEqual(holder, {
        name: winner.metadata.name,
        namespace: winner.metadata.namespace,
        uid: winner.metadata.uid,
        workflowId: winner.spec.workflowRef.workflowId,
        targetResource: "payment/deployments.apps/race",
      });
      assert.notEqual(startedAt, undefined);
    });

    it("the skip is told by an event and is on record", async () => {
      const settled = await untilSettled(context.world(), loser.metadata.name);
      const events = await eventsWith(context.world(), settled, "ExecutionSkipped");
      assert.equal(events.length, 1);
      const view = await auditView(context.world(), settled);
      const conflicting = `${winner.metadata.namespace ?? ""}/${winner.metadata.name}`;
      assert.deepEqual([view["skip_reason"], view["conflicting_wfe"]], ["ResourceBusy", conflicting]);
    });

    it("the target is free for another workflow once the winner has ended", async () => {
      const world = context.world();
      world.player.end(winner.metadata.uid ?? "", "succeed");
      await untilSettled(world, winner.metadata.name);
      await create(world, { name: "race-c", target: "payment/deployment/race", workflowId: "third" });
      assert.equal((await untilFinished(world, "race-c")).status?.phase, "Completed");
    });
  });
}

function testCooldown(context: ControllerContext): void {
  describe("the cooldown after a success", () => {
    it("outlives the execution and the controller", async () => {
      const world = context.world();
      const first = await completed(world, "cooldown-a");
      await remove(world, first);
      await untilGone(world, "cooldown-a");
      await context.restartController();
      await create(world, { name: "cooldown-b", target: "payment/deploy/cooldown" });
      const { status } = await untilFinished(world, "cooldown-b");
      assert.deepEqual([status?.phase, status?.reason], ["Skipped", "RecentlyRemediated"]);
      const { name, uid, outcome, cooldownEndsAt } = status?.skipDetails?.recentRemediation ?? {};
      assert.deepEqual([name, uid, outcome], ["cooldown-a", first.metadata.uid, "Success"]);
      assert.ok(Date.parse(cooldownEndsAt ?? "") >= Date.parse(first.status?.completionTime ?? "") + 300_000);
    });

    it("doesn't stop another workflow", async () => {
      const world = context.world();
      await create(world, { name: "cooldown-c", target: "payment/deployment/cooldown", workflowId: "another" });
      assert.equal((await untilFinished(world, "cooldown-c")).status?.phase, "Completed");
    });
  });
}

async function completed(world: World, name: string): Promise<WorkflowExecution> {
  await create(world, { name, target: "payment/deployment/cooldown" });
  const execution = await untilSettled(world, name);
  assert.equal(execution.status?.phase, "Completed");
  return execution;
}

function untilDecided(world: World, name: string): Promise<WorkflowExecution> {
  return untilStatus(world, name, "runs or skipped", ({ phase }) => phase === "Running" || phase === "Skipped");
}

function only(executions: readonly WorkflowExecution[], phase: string): WorkflowExecution {
  const found = executions.filter(({ status }) => status?.phase === phase);
  const [one] = found;
  assert.equal(found.length, 1, `${String(found.length)} of two are ${phase}`);
  assert.ok(one);
  return one;
}
