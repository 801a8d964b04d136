import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { after } from "../../test/support/builders/moments.ts";
import { World } from "../../test/support/fake-api/world.ts";
import type { WorkflowExecutionStatus } from "../api/workflow-execution.ts";
import { isPendingRun } from "../tekton/run-state.ts";

const NAMES = ["a", "b", "c", "d"];

function statusOf(world: World, name: string): WorkflowExecutionStatus {
  const { status } = world.execution(name);
  assert.ok(status);
  return status;
}

function reasons(world: World): readonly (string | undefined)[] {
  return NAMES.map((name) => statusOf(world, name).reason);
}

function areCompleted(world: World): boolean {
  return NAMES.every((name) => statusOf(world, name).phase === "Completed");
}

/** Writes of that execution's status so far. */
function writesOf(world: World, name: string): number {
  return world.cluster.server.requests.filter(
    (request) => request.resource === "workflowexecutions/status" && request.name === name,
  ).length;
}

/** Asks for an execution with a target and a workflow of its own. */
function request(world: World, name: string, target = name): void {
  world.request(name, { workflowRef: { workflowId: name }, spec: { targetResource: `payment/Deployment/${target}` } });
}

/** Moves on until nothing happens any more but time. */
async function settle(world: World): Promise<void> {
  const now = world.clock.now();
  await world.run(() => world.clock.now() > now);
}

describe("an execution in audit mode strict", () => {
  function aStrictWorld(): World {
    const world = new World({ auditMode: "strict" });
    world.startController();
    return world;
  }

  it("starts its run only after the event of its start is committed, without a write more than in mode relaxed", async () => {
    const worlds = [aStrictWorld(), new World()];
    worlds[1]?.startController();
    for (const world of worlds) {
      world.request("a");
      await world.run();
      assert.equal(statusOf(world, "a").phase, "Completed");
    }
    const [strict, relaxed] = worlds.map((world) => writesOf(world, "a"));
    assert.equal(strict, relaxed);
  });

  it("waits Pending while nothing can be committed, and starts at once when that is over", async () => {
    const world = aStrictWorld();
    world.trail.isReachable = false;
    world.request("a");
    await world.run(() => statusOf(world, "a").reason === "WaitingForAudit");
    assert.equal(world.clock.now(), after(2));
    const before = world.cluster.server.requests.length;
    world.clock.reach(after(200));
    await world.controllers[0]?.reconcile("execution/remediation/a");
    assert.deepEqual(world.cluster.server.requests.slice(before), [], "nothing is asked or written meanwhile");
    assert.deepEqual(world.runs().map(isPendingRun), [true]);
    world.trail.isReachable = true;
    await world.run();
    assert.equal(world.clock.now() >= after(200), true);
    assert.deepEqual(
      [statusOf(world, "a").phase, statusOf(world, "a").startTime],
      ["Completed", "2026-03-01T10:03:20Z"],
    );
  });

  it("ends by its start deadline where nothing can be committed, and nothing of it ever ran", async () => {
    const world = aStrictWorld();
    world.trail.isReachable = false;
    world.request("a");
    await world.run(() => statusOf(world, "a").phase !== "Pending");
    assert.equal(world.clock.now(), after(300));
    const { phase, reason, failureDetails, retry } = statusOf(world, "a");
    assert.deepEqual([phase, reason, failureDetails?.wasExecutionFailure], ["Failed", "DeadlineExceeded", false]);
    assert.deepEqual(retry, { disposition: "Now" });
    await world.run();
    assert.deepEqual([world.tekton.begun, world.runs(), world.lock().spec.state], [[], [], "Free"]);
    assert.equal(world.lock().spec.workflows?.[0]?.consecutiveFailures ?? 0, 0, "it is no failure of the workflow");
  });

  it("is started by a successor that has no receipt, once it has sent the event again", async () => {
    const world = aStrictWorld();
    world.trail.isReachable = false;
    world.request("a");
    await world.run(() => statusOf(world, "a").reason === "WaitingForAudit");
    world.controllers.splice(0);
    world.trail.isReachable = true;
    world.startController();
    await world.run();
    assert.equal(statusOf(world, "a").phase, "Completed");
    assert.deepEqual(world.trail.contradictions, []);
  });
});

describe("executions that come while too many audit events wait", () => {
  /** Three events at most may wait: the first execution that runs brings more. */
  async function aClosedWorld(): Promise<World> {
    const world = new World({ auditBacklogMaxEvents: 3, defaultMaxDelayMs: 7_200_000 });
    world.startController();
    world.trail.isReachable = false;
    request(world, "a");
    await world.run(() => statusOf(world, "a").phase === "Completed");
    for (const name of NAMES.slice(1)) request(world, name);
    await settle(world);
    return world;
  }

  it("stay Pending and say so, and those that were started end", async () => {
    const world = await aClosedWorld();
    assert.deepEqual(reasons(world), ["Succeeded", "AuditBacklog", "AuditBacklog", "AuditBacklog"]);
    assert.equal(world.runs().length, 1);
  });

  it("are left in peace meanwhile", async () => {
    const world = await aClosedWorld();
    const before = world.cluster.server.requests.length;
    for (const seconds of [1, 60, 120]) {
      world.clock.reach(world.clock.now() + seconds * 1000);
      for (const name of NAMES) await world.controllers[0]?.reconcile(`execution/remediation/${name}`);
    }
    assert.deepEqual(world.cluster.server.requests.slice(before), []);
  });

  it("are woken by the commit that makes room, and end", async () => {
    const world = await aClosedWorld();
    const before = world.clock.now();
    world.trail.isReachable = true;
    await world.run(() => areCompleted(world));
    assert.ok(areCompleted(world));
    assert.equal(world.clock.now(), before, "nobody waited for time to pass");
  });

  it("are woken also where the events that were too many are gone with their execution", async () => {
    const world = await aClosedWorld();
    const { executions } = world.cluster;
    const { metadata } = world.execution("a");
    executions.edit(metadata, (a) => ({ ...a, metadata: { ...a.metadata, finalizers: [] } }));
    executions.remove(metadata);
    await settle(world);
    const started = NAMES.slice(1).filter((name) => statusOf(world, name).reason !== "AuditBacklog");
    assert.ok(started.length > 0, "nobody was woken");
  });

  it("take a target that they share in the order of their age, whoever is woken first", async () => {
    const world = new World({ auditBacklogMaxEvents: 3, defaultMaxDelayMs: 7_200_000 });
    const controller = world.startController();
    world.trail.isReachable = false;
    request(world, "a");
    await world.run(() => statusOf(world, "a").phase === "Completed");
    for (const name of ["b", "c"]) {
      world.clock.reach(world.clock.now() + 1000);
      world.request(name, {
        workflowRef: { workflowId: name },
        spec: { targetResource: "payment/Deployment/b", onBusy: "Wait" },
      });
    }
    await settle(world);
    world.trail.isReachable = true;
    controller.flush();
    await controller.reconcile("execution/remediation/c");
    assert.equal(statusOf(world, "c").reason, "WaitingForTurn");
    await world.run();
    const epochs = ["b", "c"].map((name) => statusOf(world, name).locks?.[0]?.epoch);
    assert.deepEqual(epochs, [1, 2]);
  });
});

describe("executions that come while an audit event waits for too long", () => {
  it("are held back from then on, and woken when it is committed", async () => {
    const world = new World({ auditBacklogMaxAgeMs: 60_000, defaultMaxDelayMs: 7_200_000 });
    world.startController();
    world.trail.isReachable = false;
    request(world, "a");
    await world.run(() => statusOf(world, "a").phase === "Completed");
    world.clock.reach(after(60));
    request(world, "b");
    await world.run(() => statusOf(world, "b").phase === "Completed");
    world.clock.reach(after(120));
    request(world, "c");
    request(world, "d");
    await settle(world);
    assert.deepEqual(reasons(world), ["Succeeded", "Succeeded", "AuditBacklog", "AuditBacklog"]);
    world.trail.isReachable = true;
    await world.run();
    assert.ok(areCompleted(world));
  });
});
