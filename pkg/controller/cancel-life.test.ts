import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { after } from "../../test/support/builders/moments.ts";
import {
  aRunningExecution,
  assertReleased,
  cancel,
  onlyRun,
  statusOf,
} from "../../test/support/fake-api/running-execution.ts";
import type { World } from "../../test/support/fake-api/world.ts";
import { ANNOTATION_STOP_REASON, ANNOTATION_STOP_REQUESTED_AT } from "../api/labels.ts";
import { fromTimestamp } from "../api/time.ts";
import { TEKTON_GRACE_MS } from "../execution/rules/stop-run.ts";

describe("a running execution that is cancelled", () => {
  const modes = [
    ["Cancel", "Cancelled"],
    ["CancelRunFinally", "CancelledRunFinally"],
    ["StopRunFinally", "StoppedRunFinally"],
  ] as const;

  for (const [mode, expected] of modes) {
    it(`with ${mode} tells Tekton ${expected}, and why and when`, async () => {
      const world = await aRunningExecution();
      world.tekton.isDown = true;
      world.clock.reach(after(100));
      cancel(world, mode);
      await world.run(() => onlyRun(world).spec.status !== undefined);
      const { spec, metadata } = onlyRun(world);
      assert.equal(spec.status, expected);
      assert.equal(metadata.annotations?.[ANNOTATION_STOP_REASON], "Cancel");
      assert.equal(fromTimestamp(metadata.annotations[ANNOTATION_STOP_REQUESTED_AT] ?? ""), after(100));
    });
  }

  it("ends Cancelled, says who wanted it and why, and counts as executed", async () => {
    const world = await aRunningExecution();
    cancel(world, "CancelRunFinally");
    await world.run();
    const { phase, outcome, reason, message = "", failureDetails, observedGeneration } = statusOf(world);
    assert.deepEqual([phase, outcome, reason, observedGeneration], ["Failed", "Cancelled", "Cancelled", 2]);
    assert.match(message, /cancelled by alice \(CancelRunFinally\): wrong target/);
    assert.match(failureDetails?.naturalLanguageSummary ?? "", /alice.*CancelRunFinally.*wrong target/);
    assert.equal(failureDetails?.wasExecutionFailure, true);
    assertReleased(world);
  });

  it("puts who, how and why on record", async () => {
    const world = await aRunningExecution();
    world.trail.isReachable = false;
    cancel(world, "Cancel");
    await world.run(() => statusOf(world).phase === "Failed");
    const last = statusOf(world).audit?.pending?.at(-1);
    assert.equal(last?.type, "workflowexecution.workflow.cancelled");
    const { cancelledBy, cancelMode, cancelReason } = last.facts ?? {};
    assert.deepEqual([cancelledBy, cancelMode, cancelReason], ["alice", "Cancel", "wrong target"]);
  });

  it("says so while it waits for its tasks", async () => {
    const world = await aRunningExecution();
    cancel(world, "StopRunFinally");
    await world.run(() => statusOf(world).reason === "Stopping");
    assert.equal(statusOf(world).message, "the run is being stopped (Cancel, StoppedRunFinally)");
    world.tekton.script = "succeed";
    await world.run();
    assert.equal(statusOf(world).outcome, "Cancelled");
  });

  it("is stopped harder where somebody asks for it, and the grace begins anew", async () => {
    const world = await aRunningExecution();
    world.tekton.isDown = true;
    cancel(world, "StopRunFinally");
    await world.run(() => onlyRun(world).spec.status === "StoppedRunFinally");
    world.clock.reach(after(200));
    cancel(world, "Cancel");
    await world.run(() => onlyRun(world).spec.status === "Cancelled");
    const { annotations = {} } = onlyRun(world).metadata;
    assert.deepEqual(
      [annotations[ANNOTATION_STOP_REASON], fromTimestamp(annotations[ANNOTATION_STOP_REQUESTED_AT] ?? "")],
      ["Cancel", after(200)],
    );
  });

  it("and whose run succeeds before that is Completed", async () => {
    const world = await aRunningExecution();
    world.tekton.script = "succeed";
    world.tekton.step();
    cancel(world, "Cancel");
    await world.run();
    const { phase, outcome, observedGeneration } = statusOf(world);
    assert.deepEqual([phase, outcome, observedGeneration], ["Completed", "Success", 2]);
    assert.equal(onlyRun(world).spec.status, undefined);
  });

  it("and then deleted is stopped as it was cancelled, and goes", async () => {
    const world = await aRunningExecution();
    world.tekton.isDown = true;
    cancel(world, "Cancel");
    const { metadata } = world.execution("first");
    await world.run(() => onlyRun(world).spec.status === "Cancelled");
    world.cluster.executions.remove(metadata);
    await world.run();
    const stops = world.cluster.runs.changes.map(({ object }) => object.spec.status);
    assert.ok(!stops.includes("CancelledRunFinally"), "it is never stopped more gently than before");
    assert.equal(onlyRun(world).metadata.annotations?.[ANNOTATION_STOP_REASON], "Cancel");
    world.tekton.isDown = false;
    await world.run();
    assert.deepEqual([world.cluster.executions.all(), world.runs(), world.cluster.pods.all()], [[], [], []]);
    const events = ["requested", "starting", "started", "cancelled", "deleted"];
    assert.deepEqual(world.trail.eventsOf(metadata.uid ?? ""), events);
    assertReleased(world);
  });
});

describe("a cancel while Tekton is down", () => {
  async function aDeafTekton(): Promise<World> {
    const world = await aRunningExecution();
    world.tekton.isDown = true;
    cancel(world, "Cancel");
    await world.run(() => onlyRun(world).spec.status === "Cancelled");
    return world;
  }

  function stopRequestedAt(world: World): number {
    return fromTimestamp(onlyRun(world).metadata.annotations?.[ANNOTATION_STOP_REQUESTED_AT] ?? "");
  }

  it("is left to Tekton for 30 seconds; then the TaskRuns are cancelled, and after them the pods deleted", async () => {
    const world = await aDeafTekton();
    const acts: (readonly [string, number])[] = [];
    world.cluster.server.refuse = ({ verb, resource }) => {
      const act = `${verb} ${resource}`;
      if (act === "patch taskruns" || act === "delete pods") acts.push([act, world.clock.now()]);
      return undefined;
    };
    await world.run();
    const at = stopRequestedAt(world) + TEKTON_GRACE_MS;
    assert.deepEqual(acts, [
      ["patch taskruns", at],
      ["delete pods", at],
    ]);
    assert.deepEqual(world.cluster.pods.all(), []);
  });

  it("keeps execution and target as they are until Tekton says that the run is done", async () => {
    const world = await aDeafTekton();
    await world.run();
    assert.deepEqual(world.cluster.pods.all(), []);
    assert.deepEqual([statusOf(world).phase, world.lock().spec.state], ["Running", "Bound"]);
    world.tekton.isDown = false;
    await world.run();
    assert.deepEqual([statusOf(world).phase, statusOf(world).outcome], ["Failed", "Cancelled"]);
    assertReleased(world);
  });

  it("is not forced while finally may run: a gentler cancel waits for its deadline", async () => {
    const world = await aRunningExecution();
    world.tekton.isDown = true;
    cancel(world, "CancelRunFinally");
    await world.run(() => onlyRun(world).spec.status === "CancelledRunFinally");
    const { startTime = "" } = onlyRun(world).status ?? {};
    await world.run(() => onlyRun(world).spec.status === "Cancelled");
    const deadline = fromTimestamp(startTime) + world.policy.defaultTimeoutMs + TEKTON_GRACE_MS;
    assert.equal(stopRequestedAt(world), deadline);
    assert.equal(onlyRun(world).metadata.annotations?.[ANNOTATION_STOP_REASON], "Cancel");
  });
});

describe("a TaskRun that Tekton misses when it cancels a run", () => {
  it("is cancelled by the controller, and the target stays locked until its pod has stopped", async () => {
    const world = await aRunningExecution();
    world.tekton.missesTasks = true;
    cancel(world, "Cancel");
    await world.run(() => onlyRun(world).status?.completionTime !== undefined);
    assert.deepEqual([statusOf(world).phase, world.lock().spec.state], ["Running", "Bound"]);
    await world.run();
    const [taskRun] = world.cluster.taskRuns.all();
    assert.equal(taskRun?.spec?.status, "TaskRunCancelled");
    assert.equal(statusOf(world).outcome, "Cancelled");
    assert.deepEqual(world.cluster.pods.all(), []);
    assertReleased(world);
  });
});

describe("two controllers that see one cancel", () => {
  it("stop the run once and write one record", async () => {
    const world = await aRunningExecution();
    world.startController();
    cancel(world, "Cancel");
    await world.run();
    const { metadata, status } = world.execution("first");
    assert.equal(status?.outcome, "Cancelled");
    const stops = world.cluster.runs.changes.filter(({ object }) => object.spec.status === "Cancelled");
    const whens = new Set(stops.map(({ object }) => object.metadata.annotations?.[ANNOTATION_STOP_REQUESTED_AT]));
    assert.equal(whens.size, 1);
    const events = ["requested", "starting", "started", "cancelled"];
    assert.deepEqual(world.trail.eventsOf(metadata.uid ?? ""), events);
    assertReleased(world);
  });
});
