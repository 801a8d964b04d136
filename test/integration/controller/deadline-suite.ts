import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import { TEKTON_GRACE_MS } from "../../../pkg/execution/rules/stop-run.ts";
import { isDone, runState } from "../../../pkg/tekton/run-state.ts";
import {
  remove,
  runsOf,
  seen,
  untilGone,
  untilLock,
  untilSettled,
  untilStatus,
  type ControllerContext,
} from "./context.ts";
import { auditRows } from "./records.ts";
import { cancel, createAtWork, podsOf, stopNote, stopsOf, targetOf, taskRunsOf, untilStopped } from "./stopping.ts";

/** Each of these takes the half minute that Tekton is given; they can run side by side. */
export function testDeadlines(context: ControllerContext): void {
  testTimeouts(context);
  testDeafTekton(context);
  testMissedTask(context);
}

const LONG_MS = 2 * TEKTON_GRACE_MS;

/** Tekton doesn't look at the time. */
const ENDLESS = { PLAY_IGNORES_TIME: "true" };

function testTimeouts(context: ControllerContext): void {
  describe("a run whose time is over", () => {
    it("is ended by Tekton, and its execution fails with DeadlineExceeded", async () => {
      const world = context.world();
      const spec = { executionConfig: { timeout: "8s" } };
      const running = await createAtWork(world, "times-out", {}, spec);
      await assertDeadlineExceeded(context, running);
      const run = await world.until("its run to be seen done", () => runsOf(world, running).find(isDone));
      assert.deepEqual([runState(run).reason, run.spec.status], ["PipelineRunTimeout", undefined]);
    });

    it("is stopped by the controller where Tekton doesn't end it: it is not Cancelled, either", async () => {
      const world = context.world();
      const running = await createAtWork(world, "overdue", ENDLESS, { executionConfig: { timeout: "2s" } });
      const [why, at] = stopNote(await untilStopped(world, running, "Cancelled", LONG_MS));
      assert.equal(why, "DeadlineExceeded");
      const due = Date.parse(running.status?.startTime ?? "") + 2_000 + TEKTON_GRACE_MS;
      assert.ok(at >= due && at < due + 5_000, `${String(at - due)} ms late`);
      await assertDeadlineExceeded(context, running);
    });

    it("is stopped at timesOutAt where that is earlier than the timeout", async () => {
      const world = context.world();
      const timesOutAt = new Date(world.connection.clock.now() + 6_000).toISOString();
      const running = await createAtWork(world, "out-at", ENDLESS, { timesOutAt, executionConfig: { timeout: "30m" } });
      const [why, at] = stopNote(await untilStopped(world, running, "Cancelled", LONG_MS));
      assert.equal(why, "DeadlineExceeded");
      const late = at - Date.parse(timesOutAt) - TEKTON_GRACE_MS;
      // The time that is left, and the start that it counts from, are whole seconds, both rounded down.
      assert.ok(late >= -2_000 && late < 20_000, `${String(late)} ms late`);
      await assertDeadlineExceeded(context, running);
    });
  });
}

async function assertDeadlineExceeded(context: ControllerContext, execution: WorkflowExecution): Promise<void> {
  const settled = await untilSettled(context.world(), execution.metadata.name);
  const { phase, outcome, reason, failureDetails } = settled.status ?? {};
  assert.deepEqual([phase, outcome, reason], ["Failed", "Failed", "DeadlineExceeded"]);
  assert.equal(failureDetails?.wasExecutionFailure, true);
  const events = (await auditRows(context.world(), settled)).map(({ event }) => event);
  assert.deepEqual(events, ["requested", "starting", "started", "failed"]);
}

function testDeafTekton(context: ControllerContext): void {
  describe("a run that Tekton doesn't stop, because it is down", () => {
    it("loses its TaskRun and pod after half a minute, and keeps its target until Tekton is back", async () => {
      const world = context.world();
      const running = await createAtWork(world, "deaf");
      const uid = running.metadata.uid ?? "";
      world.player.hold(uid);
      await cancel(world, running, "Cancel");
      const [, asked] = stopNote(await untilStopped(world, running, "Cancelled"));
      await world.until("its pods to be gone", () => podsOf(world, running).length === 0 || undefined, LONG_MS);
      assert.ok(world.connection.clock.now() >= asked + TEKTON_GRACE_MS);
      assert.equal(taskRunsOf(world, running)[0]?.spec?.status, "TaskRunCancelled");
      assert.equal(seen(world, "deaf")?.status?.phase, "Running");
      await untilLock(world, targetOf(running), "Bound", ({ spec }) => spec.state === "Bound");
      world.player.release(uid);
      assert.equal((await untilSettled(world, "deaf")).status?.outcome, "Cancelled");
      await untilLock(world, targetOf(running), "Free", ({ spec }) => spec.state === "Free");
    });

    it("is stopped for good when the time for finally is over, where its execution is deleted", async () => {
      const world = context.world();
      const spec = { executionConfig: { finallyTimeout: "2s" } };
      const running = await createAtWork(world, "deaf-deleted", {}, spec);
      const stops = stopsOf(world, running);
      world.player.hold(running.metadata.uid ?? "");
      await remove(world, running);
      const [why] = stopNote(await untilStopped(world, running, "Cancelled"));
      assert.deepEqual([why, [...stops]], ["Deletion", ["CancelledRunFinally", "Cancelled"]]);
      await world.until("its pods to be gone", () => podsOf(world, running).length === 0 || undefined, LONG_MS);
      assert.notEqual(seen(world, "deaf-deleted"), undefined);
      world.player.release(running.metadata.uid ?? "");
      await untilGone(world, "deaf-deleted");
    });
  });
}

function testMissedTask(context: ControllerContext): void {
  describe("a TaskRun that Tekton misses when it cancels a run", () => {
    it("is cancelled by the controller; until its pod has stopped the execution runs and its target is held", async () => {
      const world = context.world();
      const parameters = { PLAY_MISSES_TASK: "true", PLAY_IGNORES_TERM: "true" };
      const running = await createAtWork(world, "straggler", parameters);
      await cancel(world, running, "Cancel");
      await world.until("its TaskRun to be cancelled", () => taskRunsOf(world, running)[0]?.spec?.status);
      const pod = await world.until("its pod to be stopped", () => {
        return podsOf(world, running).find(({ metadata }) => metadata.deletionTimestamp !== undefined);
      });
      const { status } = await untilStatus(world, "straggler", "told what it waits for", (told) => {
        return told.conditions?.some(({ type, reason }) => type === "Stuck" && reason === "PodsRemain") ?? false;
      });
      assert.deepEqual([status?.phase, status?.reason], ["Running", "WaitingForPods"]);
      assert.ok(status?.message?.includes(`Pod ${pod.metadata.name} (terminating)`), status?.message);
      await world.api.pods.delete(pod.metadata, { uid: pod.metadata.uid ?? "", gracePeriodSeconds: 0 });
      assert.equal((await untilSettled(world, "straggler")).status?.outcome, "Cancelled");
    });
  });
}
