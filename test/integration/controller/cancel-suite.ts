import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import { succeededCondition } from "../../../pkg/tekton/run-state.ts";
import {
  conditionStatus,
  create,
  remove,
  runsOf,
  untilFinished,
  untilGone,
  untilLock,
  untilSettled,
  untilStatus,
  type ControllerContext,
} from "./context.ts";
import { auditRows, auditView, factsOf } from "./records.ts";
import { withoutPatchRight } from "./patch-right.ts";
import { withoutRunQuota, withRunQuota } from "./run-quota.ts";
import {
  cancel,
  createAtWork,
  podsOf,
  stopNote,
  stopsOf,
  targetOf,
  taskRunsOf,
  untilStopped,
  whoAmI,
  WHY,
} from "./stopping.ts";

/** spec.cancel: in every mode, harder, before the start, after the end. */
export function testCancels(context: ControllerContext): void {
  testModes(context);
  testEscalation(context);
  testBeforeStart(context);
  testAfterEnd(context);
}

/** Cancels in circumstances that others would suffer from: a quota, a missing right, a second controller. */
export function testLonelyCancels(context: ControllerContext): void {
  testHeldBack(context);
  testTwins(context);
}

function testHeldBack(context: ControllerContext): void {
  describe("an execution that is cancelled", () => {
    it("while it waits for a quota: ends without a run, and its target is free", async () => {
      const world = context.world();
      await withRunQuota(world);
      await create(world, { name: "cancel-quota", target: "payment/deployment/cancel-quota" });
      const waiting = await untilStatus(world, "cancel-quota", "waiting", ({ reason }) => reason === "QuotaExceeded");
      await cancel(world, waiting, "Cancel");
      const settled = await untilSettled(world, "cancel-quota");
      await withoutRunQuota(world);
      await assertNeverStarted(context, settled);
      assert.deepEqual(world.stores.locks.byIndex("holder", settled.metadata.uid ?? ""), []);
    });

    it("while its run waits to be started: the run is deleted, and Tekton never saw it begin", async () => {
      const world = context.world();
      await withoutPatchRight(world, async () => {
        await create(world, { name: "cancel-pending", target: "payment/deployment/cancel-pending" });
        const bound = await untilStatus(world, "cancel-pending", "its run", (s) => s.executionRef !== undefined);
        const run = await world.until("its run to be seen", () => runsOf(world, bound)[0]);
        assert.equal(run.spec.status, "PipelineRunPending");
        await cancel(world, bound, "CancelRunFinally");
        const settled = await untilSettled(world, "cancel-pending");
        await assertNeverStarted(context, settled, ["requested", "starting", "cancelled"]);
        assert.deepEqual(taskRunsOf(world, settled), []);
      });
      const target = "payment/deployments.apps/cancel-pending";
      await untilLock(world, target, "Free", ({ spec }) => spec.state === "Free");
    });
  });
}

function testTwins(context: ControllerContext): void {
  describe("a cancel that two controllers see", () => {
    it("stops the run once, and is on record once", async () => {
      const world = context.world();
      const second = await context.startController();
      try {
        const running = await createAtWork(world, "cancel-twins");
        const notes = new Set<number>();
        world.stores.runs.subscribe(({ after }) => {
          if (after === undefined || after.metadata.uid !== running.status?.executionRef?.uid) return;
          notes.add(stopNote(after)[1]);
        });
        await cancel(world, running, "Cancel");
        const settled = await untilSettled(world, "cancel-twins");
        assert.equal(settled.status?.outcome, "Cancelled");
        assert.equal([...notes].filter((at) => !Number.isNaN(at)).length, 1);
        const events = (await auditRows(world, settled)).map(({ event }) => event);
        assert.deepEqual(events, ["requested", "starting", "started", "cancelled"]);
      } finally {
        await second.stop();
      }
    });
  });
}

const WITH_FINALLY = { PLAY_FINALLY: "succeed" };

function testModes(context: ControllerContext): void {
  describe("a running execution that is cancelled", () => {
    it("with Cancel: everything stops, finally doesn't run", async () => {
      const world = context.world();
      const running = await createAtWork(world, "cancel-at-once", WITH_FINALLY);
      await cancel(world, running, "Cancel");
      await assertStopped(context, running, { mode: "Cancel", tekton: "Cancelled" });
      assert.deepEqual(outcomesOf(context, running), ["TaskRunCancelled"]);
    });

    it("with CancelRunFinally: its task stops, finally runs", async () => {
      const world = context.world();
      const running = await createAtWork(world, "cancel-finally", WITH_FINALLY);
      await cancel(world, running, "CancelRunFinally");
      await assertStopped(context, running, { mode: "CancelRunFinally", tekton: "CancelledRunFinally" });
      assert.deepEqual(outcomesOf(context, running), ["TaskRunCancelled", "Succeeded"]);
    });

    it("with StopRunFinally: its task ends by itself, finally runs, and it is Cancelled all the same", async () => {
      const world = context.world();
      const running = await createAtWork(world, "stop-finally", WITH_FINALLY);
      await cancel(world, running, "StopRunFinally");
      const stopping = await untilStatus(world, "stop-finally", "being stopped", ({ reason }) => reason === "Stopping");
      assert.match(stopping.status?.message ?? "", /Cancel, StoppedRunFinally/);
      assert.equal(podsOf(world, running)[0]?.status?.phase, "Running");
      world.player.end(running.metadata.uid ?? "", "succeed");
      await assertStopped(context, running, { mode: "StopRunFinally", tekton: "StoppedRunFinally" });
      assert.deepEqual(outcomesOf(context, running), ["Succeeded", "Succeeded"]);
    });

    it("and then deleted: goes when its run has stopped", async () => {
      const world = context.world();
      const running = await createAtWork(world, "cancel-delete");
      const stops = stopsOf(world, running);
      await cancel(world, running, "Cancel");
      await remove(world, running);
      await untilGone(world, "cancel-delete");
      assert.ok(stops.has("Cancelled"));
      const events = (await auditRows(world, running)).map(({ event }) => event);
      assert.deepEqual(events, ["requested", "starting", "started", "cancelled", "deleted"]);
    });
  });
}

interface Asked {
  readonly mode: string;
  readonly tekton: string;
}

/** The run says why and when it was stopped, the execution who wanted it and why, and the record says all of it. */
async function assertStopped(context: ControllerContext, execution: WorkflowExecution, asked: Asked): Promise<void> {
  const world = context.world();
  const user = await whoAmI(world);
  const [why, at] = stopNote(await untilStopped(world, execution, asked.tekton));
  const settled = await untilSettled(world, execution.metadata.name);
  assert.equal(why, "Cancel");
  assert.ok(at >= Date.parse(execution.status?.startTime ?? "") && at <= world.connection.clock.now());
  const { phase, outcome, reason, message = "", failureDetails } = settled.status ?? {};
  assert.deepEqual([phase, outcome, reason], ["Failed", "Cancelled", "Cancelled"]);
  const words = `cancelled by ${user} (${asked.mode}): ${WHY}`;
  assert.ok(message.includes(words), message);
  assert.ok(failureDetails?.naturalLanguageSummary.includes(words), failureDetails?.naturalLanguageSummary);
  const rows = await auditRows(world, settled);
  assert.deepEqual(
    rows.map(({ event }) => event),
    ["requested", "starting", "started", "cancelled"],
  );
  const { cancelledBy, cancelMode, cancelReason } = await factsOf(world, settled, "cancelled");
  assert.deepEqual([cancelledBy, cancelMode, cancelReason], [user, asked.mode, WHY]);
  assert.equal((await auditRows(world, settled)).at(-1)?.actor, user);
  assert.equal((await auditView(world, settled))["outcome"], "Cancelled");
}

/** How the TaskRuns of an execution ended. */
function outcomesOf(context: ControllerContext, execution: WorkflowExecution): readonly (string | undefined)[] {
  return taskRunsOf(context.world(), execution).map((taskRun) => succeededCondition(taskRun)?.reason);
}

function testEscalation(context: ControllerContext): void {
  describe("a cancel that becomes stronger", () => {
    it("stops the run harder each time: first its task goes on, then finally, then nothing", async () => {
      const world = context.world();
      const running = await createAtWork(world, "cancel-harder", { PLAY_FINALLY: "never" });
      const stops = stopsOf(world, running);
      await cancel(world, running, "StopRunFinally");
      await untilStopped(world, running, "StoppedRunFinally");
      await cancel(world, running, "CancelRunFinally");
      await world.until("finally to run", () => podsOf(world, running).find(isOfFinally));
      await cancel(world, running, "Cancel");
      const { status } = await untilSettled(world, "cancel-harder");
      assert.equal(status?.outcome, "Cancelled");
      assert.deepEqual([...stops], ["StoppedRunFinally", "CancelledRunFinally", "Cancelled"]);
      assert.deepEqual(outcomesOf(context, running), ["TaskRunCancelled", "TaskRunCancelled"]);
    });
  });
}

function isOfFinally({ metadata, status }: ReturnType<typeof podsOf>[number]): boolean {
  return metadata.labels?.["tekton.dev/memberOf"] === "finally" && status?.phase === "Running";
}

function testBeforeStart(context: ControllerContext): void {
  describe("an execution that is cancelled before its run starts", () => {
    it("while it waits for its target: ends without a run, and nobody else notices", async () => {
      const world = context.world();
      const holder = await createAtWork(world, "cancel-holder");
      const parts = { name: "cancel-waiter", target: targetOf(holder), workflowId: "another" };
      await create(world, { ...parts, spec: { onBusy: "Wait" } });
      const waiting = await untilStatus(world, "cancel-waiter", "waiting", (s) => s.reason === "WaitingForTarget");
      await cancel(world, waiting, "StopRunFinally");
      await assertNeverStarted(context, await untilSettled(world, "cancel-waiter"));
      assert.equal(holder.status?.phase, "Running");
      world.player.end(holder.metadata.uid ?? "", "succeed");
      assert.equal((await untilFinished(world, "cancel-holder")).status?.phase, "Completed");
    });
  });
}

async function assertNeverStarted(
  context: ControllerContext,
  settled: WorkflowExecution,
  record: readonly string[] = ["requested", "cancelled"],
): Promise<void> {
  const world = context.world();
  const { phase, outcome, message = "", failureDetails } = settled.status ?? {};
  assert.deepEqual([phase, outcome, failureDetails?.wasExecutionFailure], ["Failed", "Cancelled", false]);
  assert.ok(message.includes(`cancelled by ${await whoAmI(world)} before its run was started: ${WHY}`), message);
  await world.until("no run to be there", () => runsOf(world, settled).length === 0 || undefined);
  const events = (await auditRows(world, settled)).map(({ event }) => event);
  assert.deepEqual(events, record);
}

function testAfterEnd(context: ControllerContext): void {
  describe("a cancel of an execution that has ended", () => {
    it("is only seen: its generation follows, nothing else changes", async () => {
      const world = context.world();
      await create(world, { name: "cancel-late", target: "payment/deployment/cancel-late" });
      const before = await untilSettled(world, "cancel-late");
      await cancel(world, before, "Cancel");
      const { status } = await untilStatus(world, "cancel-late", "seen", (s) => s.observedGeneration === 2);
      const { conditions: _before, ...told } = before.status ?? { phase: "Pending" };
      const { conditions: _after, ...tells } = status ?? { phase: "Pending" };
      assert.deepEqual(tells, { ...told, observedGeneration: 2 });
      assert.equal(conditionStatus(status, "Succeeded"), "True");
      assert.equal((await auditRows(world, before)).length, 4);
    });
  });
}
