import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { crashAt, type Fate } from "../../test/support/fake-api/crash.ts";
import { anApiError } from "../../test/support/fake-api/fake-server.ts";
import { World } from "../../test/support/fake-api/world.ts";

const FATES: readonly Fate[] = ["arrives", "is lost", "arrives late"];

type Way = "execution" | "lock";

/** On the execution: who and why, the lock, the receipt. On the lock the first two are one. */
const WRITES: Readonly<Record<Way, number>> = { execution: 3, lock: 2 };

/** What a workflow was blocked by: it ran and failed, or it failed too often before it ran. */
type Cause = "it ran and failed" | "it never ran";

/** A world in which the workflow is blocked by the execution `failed`, and in which no controller is left. */
async function aBlockedTarget(cause: Cause): Promise<World> {
  const world = new World({ maxConsecutiveFailures: 1 });
  world.startController();
  world.tekton.script = "fail";
  if (cause === "it never ran") {
    world.cluster.server.refuse = ({ verb, resource }) =>
      verb === "create" && resource === "pipelineruns" ? anApiError("rejected", "spec is invalid") : undefined;
  }
  world.request("failed");
  await world.run();
  assert.equal(world.lock().spec.workflows?.[0]?.blockedBy?.name, "failed");
  world.controllers.splice(0);
  world.cluster.server.refuse = () => undefined;
  world.tekton.script = "succeed";
  return world;
}

/** How people ask for a clearing, and whose outbox has its event. */
const ways: Readonly<Record<Way, (world: World) => string>> = {
  execution(world) {
    const { metadata } = world.execution("failed");
    const annotations = { "kubernaut.ai/clear-execution-block": "seen to", "kubernaut.ai/cleared-by": "ann" };
    world.cluster.executions.edit(metadata, (w) => ({ ...w, metadata: { ...w.metadata, annotations } }));
    return metadata.uid ?? "";
  },
  lock(world) {
    const { metadata } = world.lock();
    const annotations = {
      "kubernaut.ai/clear-execution-block": "restart-deployment: seen to",
      "kubernaut.ai/cleared-by": "ann",
    };
    world.cluster.locks.edit(metadata, (lock) => ({ ...lock, metadata: { ...lock.metadata, annotations } }));
    return metadata.uid ?? "";
  },
};

/** One clearing on record, nothing left to be recorded, and the workflow runs again. */
async function assertClearedOnce(world: World, way: Way, uid: string): Promise<void> {
  assert.deepEqual(
    world.trail.eventsOf(uid).filter((name) => name === "cleared"),
    ["cleared"],
  );
  assert.deepEqual(world.trail.contradictions, []);
  assertNothingIsLeft(world);
  const { blockClearance } = world.execution("failed").status ?? {};
  assert.equal(blockClearance?.clearedBy, way === "execution" ? "ann" : undefined);
  world.request("again");
  await world.run();
  assert.equal(world.execution("again").status?.phase, "Completed");
}

function assertNothingIsLeft(world: World): void {
  const { spec, metadata } = world.lock();
  assert.equal(spec.workflows?.[0]?.blockedBy, undefined);
  assert.deepEqual(spec.audit?.pending ?? [], []);
  assert.deepEqual(metadata.annotations ?? {}, {});
  assert.deepEqual(world.execution("failed").status?.audit?.pending, []);
}

const CAUSES: readonly Cause[] = ["it ran and failed", "it never ran"];

/** Both ways, for both causes. */
const cases = (["execution", "lock"] as const).flatMap((way) => CAUSES.map((cause) => ({ way, cause })));
const crashes = cases.flatMap(({ way, cause }) =>
  Array.from({ length: WRITES[way] }, (_, n) => n + 1).flatMap((n) => FATES.map((fate) => ({ way, cause, n, fate }))),
);

describe("a process that clears a block", () => {
  const expected = { execution: ["WriteStatus", "UpdateLock", "WriteStatus"], lock: ["UpdateLock", "UpdateLock"] };
  for (const { way, cause } of cases) {
    it(`writes who and why, the lock, and the receipt (on the ${way}, ${cause})`, async () => {
      const world = await aBlockedTarget(cause);
      const controller = world.startController();
      const uid = ways[way](world);
      await world.run();
      const writes = controller.steps.filter(({ step }) => step.type !== "Look");
      assert.deepEqual(
        writes.map(({ step }) => step.type),
        expected[way],
      );
      await assertClearedOnce(world, way, uid);
    });
  }

  for (const { way, cause, n, fate } of crashes) {
    it(`and crashes has a successor that clears it once (on the ${way}, ${cause}, write ${String(n)} ${fate})`, async () => {
      const world = await aBlockedTarget(cause);
      world.startController(crashAt(n, fate, (request) => world.late.push(() => request())));
      const uid = ways[way](world);
      await world.run();
      assert.equal(world.crashes, 1);
      await assertClearedOnce(world, way, uid);
    });
  }

  for (const { way, cause } of cases) {
    it(`beside another one that does the same clears it once (on the ${way}, ${cause})`, async () => {
      const world = await aBlockedTarget(cause);
      world.startController();
      world.startController();
      const uid = ways[way](world);
      await world.run();
      await assertClearedOnce(world, way, uid);
    });
  }
});
