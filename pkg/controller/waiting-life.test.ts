import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anApiError } from "../../test/support/fake-api/fake-server.ts";
import { World } from "../../test/support/fake-api/world.ts";
import type { ExecutionWishes } from "../../test/support/builders/a-workflow-execution.ts";
import type { WorkflowExecutionStatus } from "../api/workflow-execution.ts";
import type { Perform } from "./perform.ts";

function statusOf(world: World, name: string): WorkflowExecutionStatus {
  const { status } = world.execution(name);
  assert.ok(status);
  return status;
}

/** Asks for an execution of a workflow of its own that waits for its target, one second after the last one. */
function requestWaiter(world: World, name: string, wishes: ExecutionWishes = {}): void {
  world.clock.reach(world.clock.now() + 1000);
  world.request(name, { ...wishes, spec: { onBusy: "Wait", ...wishes.spec }, workflowRef: { workflowId: name } });
}

/** A target that a running execution holds, until `tekton.script` says that its run ends. */
async function aHeldTarget(around?: (perform: Perform) => Perform): Promise<World> {
  const world = new World();
  world.startController(around);
  world.tekton.script = "hang";
  world.request("holder", { spec: { executionConfig: { timeout: "24h" } } });
  await world.run(() => statusOf(world, "holder").phase === "Running");
  return world;
}

async function untilWaiting(world: World, ...names: readonly string[]): Promise<void> {
  await world.run(() => names.every((name) => statusOf(world, name).reason === "WaitingForTarget"));
}

/** The names of the executions that were started, in the order in which they held the target. */
function order(world: World): readonly string[] {
  return world.cluster.executions
    .all()
    .flatMap(({ metadata, status }) => (status?.locks ?? []).map(({ epoch }) => ({ name: metadata.name, epoch })))
    .toSorted((a, b) => a.epoch - b.epoch)
    .map(({ name }) => name);
}

function writesOf(world: World, name: string): number {
  return world.cluster.server.requests.filter(
    (request) => request.resource === "workflowexecutions/status" && request.name === name,
  ).length;
}

describe("executions that wait for a held target", () => {
  it("say behind whom, and run one after the other in the order of their creation", async () => {
    const world = await aHeldTarget();
    for (const name of ["a", "b", "c"]) requestWaiter(world, name);
    await untilWaiting(world, "a", "b", "c");
    for (const [n, name] of ["a", "b", "c"].entries()) {
      const { message = "" } = statusOf(world, name);
      assert.match(message, new RegExp(`^position ${String(n + 1)}, .*held by execution remediation/holder`));
    }
    world.tekton.script = "succeed";
    await world.run();
    assert.deepEqual(order(world), ["holder", "a", "b", "c"]);
    for (const name of ["a", "b", "c"]) assert.equal(statusOf(world, name).phase, "Completed");
    assert.deepEqual(world.tekton.overlaps, []);
  });

  it("run in that order also where the later ones were seen first", async () => {
    const world = await aHeldTarget();
    const [controller] = world.controllers;
    for (const name of ["a", "b", "c"]) requestWaiter(world, name);
    controller?.deliver();
    // Twice: what each of them writes itself must not be what makes it look again.
    for (const name of ["c", "c", "b", "b", "a"]) await controller?.reconcile(`execution/remediation/${name}`);
    await untilWaiting(world, "a", "b", "c");
    assert.match(
      statusOf(world, "c").message ?? "",
      /^position 3,/,
      "a place is right also where it was given too early",
    );
    world.tekton.script = "succeed";
    await world.run();
    assert.deepEqual(order(world), ["holder", "a", "b", "c"]);
  });

  it("are left in peace while only time passes", async () => {
    const world = await aHeldTarget();
    requestWaiter(world, "a", { spec: { executionConfig: { maxDelay: "2h" } } });
    await untilWaiting(world, "a");
    const before = world.cluster.server.requests.length;
    for (const seconds of [1, 60, 300]) {
      world.clock.reach(world.clock.now() + seconds * 1000);
      await world.controllers[0]?.reconcile("execution/remediation/a");
    }
    await world.run();
    const later = world.cluster.server.requests.slice(before);
    assert.deepEqual(later, [], "nothing is asked or written");
    assert.equal(statusOf(world, "a").reason, "WaitingForTarget");
    assert.equal(writesOf(world, "a"), 1);
  });

  it("of one workflow wait for its cooldown too, where they were asked to", async () => {
    const world = await aHeldTarget();
    const spec = { onBusy: "Wait", onCooldown: "Wait", executionConfig: { maxDelay: "1h" } } as const;
    for (const name of ["a", "b"]) world.request(name, { spec });
    await untilWaiting(world, "a", "b");
    world.tekton.script = "succeed";
    await world.run();
    for (const name of ["a", "b"]) assert.equal(statusOf(world, name).phase, "Completed");
    const starts = ["holder", "a", "b"].map((name) => Date.parse(statusOf(world, name).startTime ?? ""));
    const pauses = starts.slice(1).map((start, n) => start - (starts[n] ?? 0));
    assert.ok(
      pauses.every((pause) => pause >= world.policy.cooldownMs),
      `pauses of ${String(pauses)} ms`,
    );
  });
});

describe("an execution that comes while the target is free and an earlier one waits for it", () => {
  /** What the newcomer says right after its arrival between the release and the next holder, and what becomes of it. */
  async function aNewcomer(onBusy: "Skip" | "Wait"): Promise<{ readonly world: World; readonly first: string }> {
    let first = "";
    const world: World = await aHeldTarget((perform) => async (step) => {
      const result = await perform(step);
      if (step.type === "UpdateLock" && step.lock.spec.state === "Free" && first === "") {
        world.request("newcomer", { spec: { onBusy }, workflowRef: { workflowId: "newcomer" } });
        world.controllers[0]?.deliver();
        await world.controllers[0]?.reconcile("execution/remediation/newcomer");
        first = statusOf(world, "newcomer").reason ?? "";
      }
      return result;
    });
    requestWaiter(world, "waiter");
    await untilWaiting(world, "waiter");
    world.tekton.script = "succeed";
    await world.run(() => world.lock().spec.holder?.name === "waiter");
    world.tekton.script = "hang";
    await world.run(() => statusOf(world, "waiter").phase === "Running");
    return { world, first };
  }
  it("lets it go first, and is skipped then because the target is held", async () => {
    const { world, first } = await aNewcomer("Skip");
    assert.equal(first, "WaitingForTurn");
    const { phase, reason, skipDetails } = statusOf(world, "newcomer");
    assert.deepEqual([phase, reason, skipDetails?.conflictingWorkflow?.name], ["Skipped", "ResourceBusy", "waiter"]);
  });
  it("lets it go first, and waits on where it was asked to", async () => {
    const { world, first } = await aNewcomer("Wait");
    assert.equal(first, "WaitingForTurn");
    assert.equal(statusOf(world, "newcomer").reason, "WaitingForTarget");
    world.tekton.script = "succeed";
    await world.run();
    assert.deepEqual(order(world), ["holder", "waiter", "newcomer"]);
  });
});

describe("an execution that waits for the cooldown of its workflow", () => {
  async function aCoolingTarget(): Promise<{ readonly world: World; readonly end: string }> {
    const world = new World();
    world.startController();
    world.request("first");
    await world.run();
    const end = world.lock().spec.workflows?.[0]?.cooldownEndsAt ?? "";
    world.request("patient", { spec: { onBusy: "Wait", onCooldown: "Wait", executionConfig: { maxDelay: "1h" } } });
    await world.run(() => statusOf(world, "patient").reason === "WaitingForCooldown");
    return { world, end };
  }
  it("starts when the cooldown ends, not before and not later", async () => {
    const { world, end } = await aCoolingTarget();
    assert.match(statusOf(world, "patient").message ?? "", new RegExp(`earliest start ${end}`));
    const before = writesOf(world, "patient");
    await world.run(() => statusOf(world, "patient").reason !== "WaitingForCooldown");
    assert.equal(world.clock.now(), Date.parse(end));
    assert.equal(writesOf(world, "patient"), before + 1, "nothing was written while it waited");
    await world.run();
    assert.deepEqual([statusOf(world, "patient").phase, statusOf(world, "patient").startTime], ["Completed", end]);
  });
  it("doesn't hold back another workflow", async () => {
    const { world, end } = await aCoolingTarget();
    world.request("other", { workflowRef: { workflowId: "other" } });
    await world.run(() => statusOf(world, "other").phase === "Completed");
    assert.ok(world.clock.now() < Date.parse(end));
    assert.equal(statusOf(world, "patient").phase, "Pending");
    await world.run();
    assert.deepEqual([statusOf(world, "patient").phase, statusOf(world, "patient").startTime], ["Completed", end]);
  });
  it("is skipped where another workflow takes the target meanwhile and it wasn't asked to wait for that", async () => {
    const { world } = await aCoolingTarget();
    world.request("half-patient", { spec: { onCooldown: "Wait" } });
    world.request("other", { workflowRef: { workflowId: "other" } });
    await world.run();
    assert.deepEqual(
      [statusOf(world, "half-patient").phase, statusOf(world, "half-patient").reason],
      ["Skipped", "ResourceBusy"],
    );
  });
  it("ends when its patience does, where the cooldown is longer", async () => {
    const world = new World({ cooldownMs: 3_600_000 });
    world.startController();
    world.request("first");
    await world.run();
    world.request("impatient", { spec: { onCooldown: "Wait" } });
    await world.run();
    const { phase, reason, message, retry } = statusOf(world, "impatient");
    assert.deepEqual([phase, reason, retry], ["Failed", "DeadlineExceeded", { disposition: "Now" }]);
    assert.match(message ?? "", /it waited at position 1/);
    assert.equal(
      world.lock().spec.workflows?.[0]?.consecutiveFailures,
      0,
      "waiting in vain is no failure of the workflow",
    );
  });
});

describe("the next of those who wait", () => {
  /** The target is free; `stuck` is the first in the queue and can't take it, because its requests come to nothing. */
  async function aStuckQueue(maxDelay: string): Promise<World> {
    const world = await aHeldTarget((perform) => async (step) => {
      if (step.type === "UpdateLock" && step.lock.spec.holder?.name === "stuck") throw anApiError("unknown", "timeout");
      return perform(step);
    });
    requestWaiter(world, "stuck", { spec: { executionConfig: { maxDelay } } });
    requestWaiter(world, "next");
    await untilWaiting(world, "stuck", "next");
    world.tekton.script = "succeed";
    await world.run(() => statusOf(world, "next").reason === "WaitingForTurn");
    assert.equal(world.lock().spec.state, "Free");
    return world;
  }
  it("goes on when the first one's patience is over", async () => {
    const world = await aStuckQueue("30s");
    const { creationTimestamp = "" } = world.execution("stuck").metadata;
    await world.run(() => statusOf(world, "next").phase === "Completed");
    assert.equal(statusOf(world, "stuck").reason, "DeadlineExceeded");
    assert.equal(world.clock.now(), Date.parse(creationTimestamp) + 30_000);
  });
  it("goes on at once when the first one is deleted", async () => {
    const world = await aStuckQueue("2h");
    const before = world.clock.now();
    world.cluster.executions.remove(world.execution("stuck").metadata);
    await world.run(() => statusOf(world, "next").phase === "Completed");
    assert.equal(world.clock.now(), before);
  });
  it("gets the target also from a controller that knows nothing yet, and nobody is overtaken", async () => {
    const world = await aHeldTarget();
    for (const name of ["a", "b", "c"]) requestWaiter(world, name);
    await untilWaiting(world, "a", "b", "c");
    // The controller ends when it has given the target back, and before anybody took it.
    world.controllers.splice(0);
    const last = world.startController((perform) => (step) => {
      if (step.type === "UpdateLock" && step.lock.spec.state === "Held") throw anApiError("unknown", "timeout");
      return perform(step);
    });
    world.tekton.script = "succeed";
    await world.run(() => world.lock().spec.state === "Free");
    last.deliver();
    world.controllers.splice(0);
    const successor = world.startController();
    await successor.reconcile("execution/remediation/c");
    await world.run();
    assert.deepEqual(order(world), ["holder", "a", "b", "c"]);
  });
});
