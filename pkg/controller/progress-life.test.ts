import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aRunningExecution, onlyRun, statusOf } from "../../test/support/fake-api/running-execution.ts";
import { World } from "../../test/support/fake-api/world.ts";
import type { Pod } from "../api/core.ts";
import { fromTimestamp, toTimestamp } from "../api/time.ts";
import { conditionOf } from "../execution/conditions.ts";

function onlyPod(world: World): Pod {
  const [pod, ...others] = world.cluster.pods.all();
  assert.ok(pod !== undefined && others.length === 0);
  return pod;
}

/** The kubelet says something new of the only pod. */
function setPod(world: World, status: NonNullable<Pod["status"]>): void {
  world.cluster.pods.edit(onlyPod(world).metadata, (pod) => ({ ...pod, status }));
}

function stuckStatus(world: World): string | undefined {
  return conditionOf(statusOf(world), "Stuck")?.status;
}

describe("a run of which nothing moves", () => {
  const POLICY = { stuckAfterMs: 90_000 };

  it("is called stuck when that lasts too long, and no longer once it goes on", async () => {
    const world = await aRunningExecution({}, POLICY);
    const running = onlyPod(world).status ?? {};
    setPod(world, { phase: "Pending" });
    await world.run(() => stuckStatus(world) === "True");
    const silence = world.clock.now() - fromTimestamp(onlyRun(world).status?.startTime ?? "");
    assert.equal(silence, POLICY.stuckAfterMs);
    assert.equal(statusOf(world).reason, "NoProgress");
    assert.match(statusOf(world).message ?? "", /nothing of the run has moved since .*, and no step is running/);
    world.clock.reach(world.clock.now() + 5_000);
    setPod(world, running);
    await world.run(() => stuckStatus(world) === "False");
    assert.equal(statusOf(world).reason, "Running");
  });

  it("is not stuck while a step runs, however long that takes", async () => {
    const world = await aRunningExecution({}, POLICY);
    const start = world.clock.now();
    await world.run(() => onlyRun(world).spec.status !== undefined);
    assert.ok(world.clock.now() - start > 10 * POLICY.stuckAfterMs);
    const told = world.cluster.executions.changes.map(({ object }) => conditionOf(object.status, "Stuck")?.status);
    assert.ok(!told.includes("True"));
  });

  it("is called stuck, too, where Tekton doesn't even begin it: then nothing runs yet", async () => {
    const world = new World(POLICY);
    world.startController();
    world.tekton.isDown = true;
    const { metadata } = world.request("first");
    const start = world.clock.now();
    await world.run(() => stuckStatus(world) === "True");
    assert.equal(world.clock.now() - start, POLICY.stuckAfterMs);
    assert.deepEqual([statusOf(world).phase, statusOf(world).reason], ["Pending", "NoProgress"]);
    world.tekton.isDown = false;
    await world.run();
    assert.deepEqual([statusOf(world).phase, stuckStatus(world)], ["Completed", "False"]);
    const events = ["requested", "starting", "started", "completed"];
    assert.deepEqual(world.trail.eventsOf(metadata.uid ?? ""), events);
  });

  it("is called stuck at once where its pod says why", async () => {
    const world = await aRunningExecution({}, POLICY);
    const message = 'Back-off pulling image "registry.example/none:1"';
    const waiting = { reason: "ImagePullBackOff", message };
    setPod(world, { phase: "Pending", containerStatuses: [{ name: "step-restart", state: { waiting } }] });
    const before = world.clock.now();
    await world.run(() => stuckStatus(world) === "True");
    assert.ok(world.clock.now() - before <= 1_000);
    assert.equal(statusOf(world).reason, "ImagePullBackOff");
    assert.ok(statusOf(world).message?.includes(message));
  });
});

/** When the status of the execution is written from now on (ms). */
function watchWrites(world: World): readonly number[] {
  const times: number[] = [];
  world.cluster.server.refuse = ({ resource }) => {
    if (resource === "workflowexecutions/status") times.push(world.clock.now());
    return undefined;
  };
  return times;
}

/** Tekton says something new. */
function setMessage(world: World, message: string): void {
  const lastTransitionTime = toTimestamp(world.clock.now());
  world.cluster.runs.edit(onlyRun(world).metadata, (run) => {
    const conditions = (run.status?.conditions ?? []).map((one) => ({ ...one, message, lastTransitionTime }));
    return { ...run, status: { ...run.status, conditions } };
  });
}

/** Time passes, and the controllers do what is to be done by then. */
async function pass(world: World, ms: number): Promise<void> {
  world.clock.reach(world.clock.now() + ms);
  for (const controller of world.controllers) {
    controller.wake(world.clock.now());
    await controller.settle();
  }
}

describe("a run whose status changes all the time", () => {
  it("makes its execution's status change once a second, and the last word is told", async () => {
    const world = await aRunningExecution();
    const times = watchWrites(world);
    for (let n = 1; n <= 60; n += 1) {
      setMessage(world, `change ${String(n)}`);
      await pass(world, 100);
    }
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    assert.ok(times.length >= 5 && Math.min(...gaps) >= 1_000, `writes at ${times.join(", ")}`);
    await world.run(() => statusOf(world).executionStatus?.message === "change 60");
    assert.ok(times.length <= 7);
  });

  it("is told of its end at once", async () => {
    const world = await aRunningExecution();
    setMessage(world, "a change");
    await pass(world, 2_000);
    const times = watchWrites(world);
    setMessage(world, "another change");
    await pass(world, 10);
    assert.equal(times.length, 0);
    world.tekton.script = "succeed";
    world.tekton.step();
    await pass(world, 0);
    assert.deepEqual([statusOf(world).phase, times], ["Completed", [world.clock.now()]]);
  });
});

describe("a pod that is deleted by force and made again while its run goes on", () => {
  /** Deletes the only pod and makes it anew: gives both uids. */
  async function remake(world: World): Promise<readonly [string, string]> {
    const { metadata, status } = onlyPod(world);
    world.cluster.pods.remove(metadata);
    world.cluster.pods.remove(metadata);
    const { uid: _uid, resourceVersion: _version, deletionTimestamp: _deleted, ...kept } = metadata;
    const next = world.cluster.pods.add({ metadata: kept, ...(status === undefined ? {} : { status }) });
    await world.run(() => conditionOf(statusOf(world), "StepsRepeated") !== undefined);
    return [metadata.uid ?? "", next.metadata.uid ?? ""];
  }

  it("is told of by a condition that names both", async () => {
    const world = await aRunningExecution();
    const uids = await remake(world);
    const { status, reason, message = "" } = conditionOf(statusOf(world), "StepsRepeated") ?? {};
    assert.deepEqual([status, reason], ["True", "PodRecreated"]);
    for (const uid of uids) assert.ok(message.includes(uid), message);
    assert.equal(statusOf(world).phase, "Running");
  });

  it("is in the message of the end and on record, also where the controller was started anew", async () => {
    const world = await aRunningExecution();
    const [first] = await remake(world);
    world.controllers.splice(0);
    world.startController();
    world.trail.isReachable = false;
    world.tekton.script = "succeed";
    await world.run(() => statusOf(world).phase === "Completed");
    const { message = "", audit } = statusOf(world);
    assert.match(message, /^the run succeeded, 1\/1 tasks done; pod .* was deleted and made again/);
    const { repeatedSteps = "" } = audit?.pending?.at(-1)?.facts ?? {};
    assert.ok(repeatedSteps.includes(first), repeatedSteps);
  });
});
