import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { World } from "../../test/support/fake-api/world.ts";
import { aRequestedExecution } from "../../test/support/builders/a-workflow-execution.ts";
import { anApiError } from "../../test/support/fake-api/fake-server.ts";
import { FINALIZER } from "../api/labels.ts";
import { ApiError } from "../runtime/api-error.ts";
import { executionKey } from "./keys.ts";

function requestsOf(world: World): readonly string[] {
  return world.cluster.server.requests.map(({ verb, resource }) => `${verb} ${resource}`);
}

describe("an execution that is allowed to run", () => {
  it("makes exactly these API calls from its creation to its end", async () => {
    const world = new World();
    world.startController();
    world.request("plain");
    await world.run();
    assert.deepEqual(requestsOf(world), [
      "get apis",
      "patch workflowexecutions",
      "create targetlocks",
      "create pipelineruns",
      "update targetlocks",
      "update workflowexecutions/status",
      "patch pipelineruns",
      "update workflowexecutions/status",
      "list pipelineruns",
      "list taskruns",
      "list customruns",
      "list pods",
      "update workflowexecutions/status",
      "get targetlocks",
      "get workflowexecutions",
      "update targetlocks",
      "update workflowexecutions/status",
    ]);
  });

  it("is not patched where its creator has set the finalizer: one write less", async () => {
    const world = new World();
    world.startController();
    const { metadata, ...asked } = aRequestedExecution("prepared");
    world.cluster.executions.add({ ...asked, metadata: { ...metadata, finalizers: [FINALIZER] } });
    await world.run();
    assert.equal(world.execution("prepared").status?.phase, "Completed");
    assert.ok(!requestsOf(world).includes("patch workflowexecutions"));
  });

  it("ends Completed, gives its target back with a cooldown, and is on record", async () => {
    const world = new World();
    const controller = world.startController();
    const w = world.request("plain");
    await world.run();
    const { status } = world.execution("plain");
    assert.equal(status?.phase, "Completed");
    assert.equal(status.outcome, "Success");
    assert.deepEqual(status.audit?.pending, []);
    assert.equal(world.lock().spec.state, "Free");
    assert.deepEqual(world.tekton.begun, [status.executionRef?.uid]);
    assert.deepEqual(world.trail.eventsOf(w.metadata.uid ?? ""), ["requested", "starting", "started", "completed"]);
    assert.deepEqual(controller.errors, []);
  });
});

describe("a reconciler", () => {
  const ref = { namespace: "remediation", name: "plain" };

  it("has nothing to do for an execution that isn't there", async () => {
    const world = new World();
    const controller = world.startController();
    await controller.reconcile(executionKey(ref));
    assert.deepEqual(requestsOf(world), ["get apis"]);
    assert.equal(controller.nextWakeUp(), undefined);
  });

  it("tries again later where the API server doesn't answer, and changes nothing until then", async () => {
    const world = new World();
    const controller = world.startController();
    world.request("plain");
    world.cluster.server.refuse = () => anApiError("unknown", "connection reset");
    await controller.settle();
    assert.ok(controller.errors[0] instanceof ApiError);
    assert.equal(world.execution("plain").status?.phase, "Pending");
    world.cluster.server.refuse = () => undefined;
    await world.run();
    assert.equal(world.execution("plain").status?.phase, "Completed");
  });

  it("hands on how long the API server asked to wait", async () => {
    const world = new World();
    const controller = world.startController();
    world.request("plain");
    const facts = { kind: "unknown", code: 429, retryAfterMs: 7000 } as const;
    world.cluster.server.refuse = () => new ApiError("too many requests", facts);
    await controller.settle();
    assert.deepEqual(
      controller.errors.map((error) => (error as ApiError).facts.retryAfterMs),
      [7000],
    );
  });

  it("sees its own writes before the watch tells of them", async () => {
    const world = new World();
    const controller = world.startController();
    world.cluster.executions.add(aRequestedExecution("plain"));
    controller.deliver();
    await controller.reconcile(executionKey(ref));
    const { executions, locks, runs } = controller.stores;
    assert.ok(executions.list()[0]?.status?.executionRef);
    assert.equal(locks.list()[0]?.spec.state, "Bound");
    assert.equal(runs.list()[0]?.spec.status, undefined);
    const before = requestsOf(world).length;
    await controller.reconcile(executionKey(ref));
    assert.equal(requestsOf(world).length, before);
  });

  it("asks discovery only once for a kind that isn't there, and then fails", async () => {
    const world = new World();
    const controller = world.startController();
    world.request("odd", { spec: { targetResource: "payment/Unheard/checkout" } });
    await world.run();
    assert.equal(world.execution("odd").status?.reason, "ConfigurationError");
    assert.equal(requestsOf(world).filter((request) => request === "get apis").length, 1);
    assert.deepEqual(controller.errors, []);
  });

  it("asks discovery only once for many executions", async () => {
    const world = new World();
    world.startController();
    for (const name of ["a", "b", "c"]) world.request(name, { spec: { targetResource: `payment/Deployment/${name}` } });
    await world.run();
    assert.equal(requestsOf(world).filter((request) => request === "get apis").length, 1);
    assert.equal(world.tekton.begun.length, 3);
  });
});
