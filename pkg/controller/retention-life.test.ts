import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { World } from "../../test/support/fake-api/world.ts";
import { ANNOTATION_EXECUTION } from "../api/labels.ts";
import { fromTimestamp } from "../api/time.ts";
import { conditionOf } from "../execution/conditions.ts";

const MINUTE_MS = 60_000;

/** Names of the executions whose runs are there, the oldest first. */
function kept(world: World): readonly string[] {
  return world.runs().map(({ metadata }) => (metadata.annotations?.[ANNOTATION_EXECUTION] ?? "").split("/")[1] ?? "");
}

/** Lets that execution end, one second after the last one; its target is another one's. */
async function finish(world: World, name: string): Promise<void> {
  world.clock.reach(world.clock.now() + 1_000);
  const w = world.request(name, { spec: { targetResource: `payment/deployment/${name}` } });
  await world.run(() => world.trail.eventsOf(w.metadata.uid ?? "").includes("completed") || !world.trail.isReachable);
  await world.run(() => world.execution(name).status?.phase === "Completed");
}

/** When an execution ended (ms). */
function endOf(world: World, name: string): number {
  return fromTimestamp(conditionOf(world.execution(name).status, "Finished")?.lastTransitionTime ?? "");
}

function aWorld(policy: { readonly keepRunsMs?: number; readonly keepRuns?: number }): World {
  const world = new World(policy);
  world.startController();
  return world;
}

describe("the run of an execution that has ended", () => {
  it("is kept as long as configured, then goes with its TaskRuns and pods", async () => {
    const world = aWorld({ keepRunsMs: 10 * MINUTE_MS });
    await finish(world, "first");
    await world.run(() => world.runs()[0]?.metadata.deletionTimestamp !== undefined);
    assert.equal(world.clock.now(), endOf(world, "first") + 10 * MINUTE_MS);
    await world.run();
    const { runs, taskRuns, pods } = world.cluster;
    assert.deepEqual([runs.all(), taskRuns.all(), pods.all()], [[], [], []]);
  });

  it("takes nothing with it: status, lock and cooldown stay, and no other run is made", async () => {
    const world = aWorld({ keepRunsMs: MINUTE_MS });
    await finish(world, "first");
    await world.run(() => world.lock().spec.state === "Free" && world.execution("first").status?.audit?.seq === 4);
    const { status } = world.execution("first");
    const { spec } = world.lock();
    await world.run(() => world.runs().length === 0);
    await world.run();
    assert.deepEqual([world.execution("first").status, world.lock().spec], [status, spec]);
    assert.equal(world.tekton.begun.length, 1);
    world.request("second", { spec: { targetResource: "payment/deployment/first" } });
    await world.run();
    assert.equal(world.execution("second").status?.reason, "RecentlyRemediated");
  });

  it("goes earlier where more than configured are kept: those that ended first", async () => {
    const world = aWorld({ keepRuns: 2 });
    for (const name of ["a", "b"]) await finish(world, name);
    await world.run();
    assert.deepEqual(kept(world), ["a", "b"]);
    for (const name of ["c", "d"]) await finish(world, name);
    await world.run();
    assert.deepEqual(kept(world), ["c", "d"]);
  });

  it("doesn't count while it runs", async () => {
    const world = aWorld({ keepRuns: 1 });
    await finish(world, "a");
    world.tekton.script = "hang";
    world.request("running", { spec: { targetResource: "payment/deployment/running" } });
    await world.run(() => world.execution("running").status?.phase === "Running");
    assert.deepEqual(kept(world), ["a", "running"]);
  });

  it("goes at once where none is to be kept", async () => {
    const world = aWorld({ keepRuns: 0 });
    await finish(world, "a");
    await world.run();
    assert.deepEqual(kept(world), []);
    assert.equal(world.execution("a").status?.phase, "Completed");
  });

  it("stays while its audit events are not committed, however old it is and however many there are", async () => {
    const world = aWorld({ keepRunsMs: MINUTE_MS, keepRuns: 1 });
    world.trail.isReachable = false;
    for (const name of ["a", "b"]) await finish(world, name);
    await world.run();
    world.clock.reach(world.clock.now() + 60 * MINUTE_MS);
    await world.run();
    assert.deepEqual(kept(world), ["a", "b"]);
    world.trail.isReachable = true;
    await world.run();
    assert.deepEqual(kept(world), []);
  });

  it("is deleted only in the version that was seen", async () => {
    const world = aWorld({ keepRunsMs: MINUTE_MS });
    await finish(world, "first");
    let deletions = 0;
    world.cluster.server.refuse = ({ verb, resource }) => {
      const [run] = world.runs();
      if (verb !== "delete" || resource !== "pipelineruns" || run === undefined) return undefined;
      deletions += 1;
      const labels = { ...run.metadata.labels, touched: "yes" };
      if (deletions === 1)
        world.cluster.runs.edit(run.metadata, (r) => ({ ...r, metadata: { ...r.metadata, labels } }));
      return undefined;
    };
    await world.run();
    assert.deepEqual([deletions, world.runs()], [2, []]);
  });
});
