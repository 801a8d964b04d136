import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { historyOf } from "../../pkg/lock/history.ts";
import { startController } from "./controller.ts";
import { assertTrail } from "./audit-trail.ts";
import { created, reaches, settled, type Created, type Wanted } from "./execute.ts";
import { NAMESPACE, type Platform, type Stage } from "./platform.ts";
import { assertSkipped } from "./skipped.ts";
import { canonical, untilLock } from "./target-lock.ts";

const WORKFLOW = "cooled";

interface Cooling {
  readonly platform: Platform;
  readonly first: Created;
  readonly until: string;
}

/** After a success the same workflow doesn't run on the same target for a while. The cooldown is a short one. BR-WE-010. */
export function cooldownSuite(stage: Stage): void {
  describe("after a success, within the cooldown", () => {
    let cooling: Cooling;
    let skipped: Created;
    let patient: Created;
    before(async () => {
      const platform = stage();
      cooling = await succeed(platform, wanted(platform, "cooldown-first", "cooldown"));
      [skipped, patient] = await Promise.all([
        created(platform, wanted(platform, "cooldown-skipped", "cooldown")),
        created(platform, { ...wanted(platform, "cooldown-patient", "cooldown"), spec: { onCooldown: "Wait" } }),
      ]);
    });

    it("the same workflow is skipped, and told until when", async () => {
      await assertCoolingDown(cooling, skipped, "cooldown");
    });

    it("or waits for its end, if it is told to, and runs then", async () => {
      const { platform, until } = cooling;
      const waiting = await reaches(platform, patient.name, "waiting", ({ reason }) => reason === "WaitingForCooldown");
      assert.equal(waiting.phase, "Pending");
      assert.ok(waiting.message?.includes(`earliest start ${until}, when the cooldown`), waiting.message);
      const { phase, startTime = "" } = await settled(platform, patient.name);
      assert.equal(phase, "Completed");
      assert.ok(Date.parse(startTime) >= Date.parse(until), `started at ${startTime}, not before ${until}`);
      await assertTrail(platform.databaseUrl, patient.uid, ["requested", "starting", "started", "completed"]);
    });
  });
}

/** Needs a stage without a controller: its own are the only ones, with the default cooldown. */
export function survivalSuite(stage: Stage): void {
  describe("a cooldown", () => {
    it("outlives the execution from which it comes, and a controller that is killed", async (t) => {
      const platform = stage();
      const killed = await startController(platform);
      t.after(() => killed.kill());
      const cooling = await succeed(platform, wanted(platform, "survival-first", "survival"));
      await platform.kubectl("delete", "workflowexecution", cooling.first.name, "-n", NAMESPACE, "--timeout=60s");
      await killed.kill();
      const next = await startController(platform);
      t.after(() => next.stop());
      const again = await created(platform, wanted(platform, "survival-again", "survival"));
      await assertCoolingDown(cooling, again, "survival");
    });
  });
}

/** Gives the end of the cooldown as the lock has recorded it. */
async function succeed(platform: Platform, asked: Wanted): Promise<Cooling> {
  const first = await created(platform, asked);
  assert.equal((await settled(platform, first.name)).phase, "Completed");
  const deployment = asked.target.split("/")[1] ?? "";
  const lock = await untilLock(platform, deployment, "free", ({ state }) => state === "Free");
  const until = historyOf(lock, WORKFLOW)?.cooldownEndsAt;
  assert.ok(until, "the lock has recorded a cooldown");
  return { platform, first, until };
}

async function assertCoolingDown({ platform, first, until }: Cooling, again: Created, target: string): Promise<void> {
  const { skipDetails, ...status } = await assertSkipped(platform, again, {
    reason: "RecentlyRemediated",
    because: first.name,
    message: /^workflow cooled ran on target .* within the cooldown, which ends at/,
    retry: { disposition: "After", after: until },
  });
  const { completedAt = "", cooldownRemaining = "", ...recent } = skipDetails.recentRemediation ?? {};
  assert.deepEqual(recent, {
    name: first.name,
    namespace: NAMESPACE,
    uid: first.uid,
    workflowId: WORKFLOW,
    outcome: "Success",
    targetResource: canonical(target),
    cooldownEndsAt: until,
  });
  assert.ok(completedAt <= skipDetails.skippedAt && skipDetails.skippedAt < until, JSON.stringify(skipDetails));
  assert.match(cooldownRemaining, /^\d/);
  assert.deepEqual([status.consecutiveFailures, status.nextAllowedExecution], [undefined, undefined]);
}

function wanted({ bundles }: Platform, name: string, target: string): Wanted {
  return { name, workflowId: WORKFLOW, bundle: bundles.pause, target: `deployment/${target}` };
}
