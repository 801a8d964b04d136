import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { timeAfter } from "../../test/support/builders/moments.ts";
import { World } from "../../test/support/fake-api/world.ts";
import type { FailureDetails } from "../api/workflow-execution.ts";

const TERMINATED = { exitCode: 1, reason: "Error", startedAt: timeAfter(3), finishedAt: timeAfter(4) };

/** A run whose only step has failed just now; Tekton hasn't ended the run yet. */
async function aFailedStep(log: string | undefined): Promise<World> {
  const world = new World();
  const { cluster } = world;
  world.startController();
  world.tekton.script = "hang";
  world.request("plain");
  await world.run(() => world.execution("plain").status?.phase === "Running");
  const [taskRun] = cluster.taskRuns.all();
  const [pod] = cluster.pods.all();
  assert.ok(taskRun !== undefined && pod !== undefined);
  if (log !== undefined) cluster.logs.set(`${pod.metadata.name}/step-restart`, log);
  const condition = { type: "Succeeded", status: "False", reason: "Failed", message: "exit 1" } as const;
  const steps = [{ name: "restart", container: "step-restart", terminated: TERMINATED }];
  cluster.taskRuns.edit(taskRun.metadata, (one) => ({
    ...one,
    status: { ...one.status, conditions: [condition], steps },
  }));
  const containerStatuses = [{ name: "step-restart", state: { terminated: TERMINATED } }];
  cluster.pods.edit(pod.metadata, (one) => ({ ...one, status: { phase: "Failed", containerStatuses } }));
  return world;
}

/** Until there is nothing to do any more but to wait for the run. */
async function settle(world: World): Promise<void> {
  for (const controller of world.controllers) await controller.settle();
}

/** Tekton ends the run, and its pod goes. */
async function end(world: World): Promise<FailureDetails> {
  for (const pod of world.cluster.pods.all()) world.cluster.pods.remove(pod.metadata, true);
  world.cluster.collectGarbage();
  world.tekton.script = "fail";
  await world.run();
  const { failureDetails } = world.execution("plain").status ?? {};
  assert.ok(failureDetails !== undefined);
  return failureDetails;
}

function logsRead(world: World): number {
  return world.cluster.server.requests.filter(({ resource }) => resource === "pods/log").length;
}

describe("the log of a step that failed", () => {
  it("is read while its pod is there, once, and is in the failure details when the pod is gone", async () => {
    const world = await aFailedStep("no such deployment\n");
    await settle(world);
    assert.equal(logsRead(world), 1);
    assert.match((await end(world)).logTail ?? "", /no such deployment/);
    assert.equal(logsRead(world), 1);
  });
  it("is asked for once also where it can't be read, and hinders nothing", async () => {
    const world = await aFailedStep(undefined);
    await settle(world);
    const { logTail, reason } = await end(world);
    assert.deepEqual([logsRead(world), logTail, reason], [1, undefined, "TaskFailed"]);
    assert.deepEqual(world.controllers[0]?.errors, []);
  });
  it("is read again by a process that follows another one, while it can", async () => {
    const world = await aFailedStep("no such deployment\n");
    await settle(world);
    world.controllers.splice(0);
    world.startController();
    await settle(world);
    assert.equal(logsRead(world), 2);
    assert.match((await end(world)).logTail ?? "", /no such deployment/);
  });
  it("is forgotten with all other evidence when the execution has ended", async () => {
    const world = await aFailedStep("no such deployment\n");
    await settle(world);
    const [controller] = world.controllers;
    assert.equal(controller?.evidence.counts().logs, 1);
    await end(world);
    assert.deepEqual(controller.evidence.counts(), { executions: 0, lostPods: 0, events: 0, logs: 0, unclaimed: 0 });
  });
});
