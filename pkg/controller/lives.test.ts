import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FOREGROUND } from "../../test/support/fake-api/fake-resource.ts";
import { anApiError } from "../../test/support/fake-api/fake-server.ts";
import { World } from "../../test/support/fake-api/world.ts";
import { after } from "../../test/support/builders/moments.ts";
import { conditionOf } from "../execution/conditions.ts";

function aWorld(): World {
  const world = new World();
  world.startController();
  return world;
}

function phaseOf(world: World, name: string): string {
  return world.execution(name).status?.phase ?? "";
}

function isRunning(world: World, name: string): () => boolean {
  return () => phaseOf(world, name) === "Running";
}

/** A running execution whose run doesn't end by itself. */
async function aRunningExecution(name = "first"): Promise<World> {
  const world = aWorld();
  world.tekton.script = "hang";
  world.request(name);
  await world.run(isRunning(world, name));
  return world;
}

describe("an execution whose run fails", () => {
  it("ends Failed with the reason, without a cooldown", async () => {
    const world = aWorld();
    world.tekton.script = "fail";
    const w = world.request("first");
    await world.run();
    const { status } = world.execution("first");
    assert.equal(status?.phase, "Failed");
    assert.equal(status.failureDetails?.wasExecutionFailure, true);
    assert.equal(status.failureDetails.failedTaskName, "restart");
    const [history] = world.lock().spec.workflows ?? [];
    assert.deepEqual([history?.lastOutcome, history?.cooldownEndsAt], ["Failed", undefined]);
    assert.deepEqual(world.trail.eventsOf(w.metadata.uid ?? ""), ["requested", "starting", "started", "failed"]);
  });
});

describe("a second execution on the same target", () => {
  it("is skipped while the first one holds it", async () => {
    const world = await aRunningExecution();
    const w = world.request("second", { workflowRef: { workflowId: "another" } });
    await world.run();
    const { status } = world.execution("second");
    assert.equal(status?.phase, "Skipped");
    assert.equal(status.skipDetails?.reason, "ResourceBusy");
    assert.equal(status.skipDetails.conflictingWorkflow?.name, "first");
    assert.deepEqual(world.trail.eventsOf(w.metadata.uid ?? ""), ["requested", "skipped"]);
    assert.equal(world.tekton.begun.length, 1);
  });

  it("is skipped within the cooldown of the same workflow", async () => {
    const world = aWorld();
    world.request("first");
    await world.run();
    world.request("second");
    await world.run();
    const { skipDetails } = world.execution("second").status ?? {};
    assert.equal(skipDetails?.reason, "RecentlyRemediated");
    assert.equal(skipDetails.recentRemediation?.name, "first");
  });

  it("runs within the cooldown of another workflow", async () => {
    const world = aWorld();
    world.request("first");
    await world.run();
    world.request("second", { workflowRef: { workflowId: "another" } });
    await world.run();
    assert.equal(phaseOf(world, "second"), "Completed");
    assert.equal(world.lock().spec.epoch, 2);
    assert.equal(world.lock().spec.workflows?.length, 2);
  });

  it("runs when the cooldown is over", async () => {
    const world = aWorld();
    world.request("first");
    await world.run();
    world.clock.reach(Date.parse(world.lock().spec.workflows?.[0]?.cooldownEndsAt ?? ""));
    world.request("second");
    await world.run();
    assert.equal(phaseOf(world, "second"), "Completed");
  });

  it("is skipped within the cooldown although the first one was deleted", async () => {
    const world = aWorld();
    world.request("first");
    await world.run();
    world.cluster.executions.remove(world.execution("first").metadata);
    await world.run();
    world.request("second");
    await world.run();
    assert.equal(world.execution("second").status?.skipDetails?.reason, "RecentlyRemediated");
  });
});

describe("an execution whose run is deleted by somebody else", () => {
  it("ends Failed after the settle time, and holds its target until then", async () => {
    const world = await aRunningExecution();
    const [run] = world.runs();
    assert.ok(run);
    world.cluster.runs.remove(run.metadata);
    await world.run(() => world.execution("first").status?.reason === "PipelineRunDeletedExternally");
    assert.equal(world.lock().spec.state, "Bound");
    const noticed = world.clock.now();
    await world.run();
    const { status } = world.execution("first");
    assert.equal(status?.phase, "Failed");
    assert.equal(status.reason, "ExternallyDeleted");
    assert.ok(world.clock.now() >= noticed + world.policy.externalDeletionSettleMs);
    assert.equal(world.lock().spec.state, "Free");
    assert.equal(world.runs().length, 0);
  });

  it("holds its target as long as one of the run's pods is left", async () => {
    const world = await aRunningExecution();
    const [run] = world.runs();
    const [pod] = world.cluster.pods.all();
    assert.ok(run && pod);
    world.cluster.pods.edit(pod.metadata, ({ metadata: { ownerReferences: _owners, ...metadata }, ...rest }) => ({
      ...rest,
      metadata,
    }));
    world.cluster.runs.remove(run.metadata);
    await world.run();
    assert.equal(world.lock().spec.state, "Bound");
    assert.equal(phaseOf(world, "first"), "Running");
    world.cluster.pods.remove(pod.metadata);
    await world.run();
    assert.equal(phaseOf(world, "first"), "Failed");
    assert.equal(world.lock().spec.state, "Free");
  });
});

describe("an execution whose run can't be created", () => {
  it("ends Failed where the API server refuses it for good, and is counted as a failure before execution", async () => {
    const world = aWorld();
    world.cluster.server.refuse = ({ verb, resource }) =>
      verb === "create" && resource === "pipelineruns" ? anApiError("rejected", "spec is invalid") : undefined;
    world.request("first");
    await world.run();
    const { status } = world.execution("first");
    assert.equal(status?.failureDetails?.reason, "ConfigurationError");
    assert.equal(status.failureDetails.wasExecutionFailure, false);
    assert.equal(world.lock().spec.workflows?.[0]?.consecutiveFailures, 1);
  });

  it("waits for quota, says so, and runs when there is some", async () => {
    const world = aWorld();
    world.cluster.server.refuse = ({ verb, resource }) =>
      verb === "create" && resource === "pipelineruns" ? anApiError("quota", "exceeded quota: runs") : undefined;
    world.request("first");
    await world.run(() => world.execution("first").status?.reason === "QuotaExceeded");
    assert.equal(phaseOf(world, "first"), "Pending");
    world.cluster.server.refuse = () => undefined;
    await world.run();
    assert.equal(phaseOf(world, "first"), "Completed");
  });

  it("ends as ResourceExhausted where the quota isn't there in time", async () => {
    const world = new World({ defaultMaxDelayMs: 30_000 });
    world.startController();
    world.cluster.server.refuse = ({ verb, resource }) =>
      verb === "create" && resource === "pipelineruns" ? anApiError("quota", "exceeded quota: runs") : undefined;
    world.request("first");
    await world.run();
    assert.equal(world.execution("first").status?.reason, "ResourceExhausted");
    assert.ok(world.clock.now() >= after(0) + world.policy.defaultMaxDelayMs);
    assert.equal(world.lock().spec.state, "Free");
  });

  it("never fails where this installation isn't allowed to create runs", async () => {
    const world = aWorld();
    world.cluster.mayCreate = false;
    world.cluster.server.refuse = ({ verb, resource }) =>
      verb === "create" && resource === "pipelineruns" ? anApiError("forbidden", "no") : undefined;
    world.request("first");
    await world.run(() => world.execution("first").status?.reason === "ControllerNotAllowed");
    assert.equal(phaseOf(world, "first"), "Pending");
  });

  it("ends as Forbidden where we are allowed and somebody's admission rule says no", async () => {
    const world = aWorld();
    world.cluster.server.refuse = ({ verb, resource }) =>
      verb === "create" && resource === "pipelineruns" ? anApiError("forbidden", "denied by policy") : undefined;
    world.request("first");
    await world.run();
    assert.equal(world.execution("first").status?.failureDetails?.reason, "Forbidden");
  });
});

describe("an execution while PostgreSQL is away", () => {
  it("runs to its end, keeps its events in the outbox, and is on record when PostgreSQL is back", async () => {
    const world = aWorld();
    world.trail.isReachable = false;
    const w = world.request("first");
    await world.run();
    assert.equal(phaseOf(world, "first"), "Completed");
    assert.equal(conditionOf(world.execution("first").status, "AuditRecorded")?.status, "False");
    world.trail.isReachable = true;
    await world.run();
    assert.equal(conditionOf(world.execution("first").status, "AuditRecorded")?.status, "True");
    assert.equal(world.trail.eventsOf(w.metadata.uid ?? "").length, 4);
  });
});

describe("a run that is late", () => {
  it("is swept where its owner doesn't hold the target", async () => {
    const world = aWorld();
    world.request("first");
    await world.run();
    const [run] = world.runs();
    assert.ok(run);
    const { status: _status, ...unstarted } = run;
    const name = "late";
    world.cluster.runs.add({
      ...unstarted,
      metadata: { ...run.metadata, name },
      spec: { status: "PipelineRunPending" },
    });
    await world.run();
    assert.deepEqual(
      world.runs().map(({ metadata }) => metadata.name),
      [run.metadata.name],
    );
    assert.equal(run.metadata.finalizers?.includes(FOREGROUND) ?? false, false);
    assert.equal(world.tekton.begun.length, 1);
  });
});
