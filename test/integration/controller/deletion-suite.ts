import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PipelineRun } from "../../../pkg/api/tekton.ts";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import { waitFor } from "../../cluster/wait.ts";
import { EXTERNAL_DELETION_SETTLE_MS } from "../../support/controller-under-test.ts";
import { RUNS, type World } from "../../support/controller-world.ts";
import {
  create,
  remove,
  runsOf,
  seen,
  untilFinished,
  untilGone,
  untilLock,
  untilRunning,
  untilSettled,
  untilStatus,
  type ControllerContext,
} from "./context.ts";
import { auditRows, auditView, eventsWith } from "./records.ts";
import { withoutRunQuota, withRunQuota } from "./run-quota.ts";

/** Deletions: of executions in every phase, and of runs by somebody else. */
export function testDeletions(context: ControllerContext): void {
  testOwnDeletion(context);
  testExternalDeletion(context);
}

function testOwnDeletion(context: ControllerContext): void {
  describe("an execution that is deleted", () => {
    it("while it waits for its run: is gone without one, and its target is free", async () => {
      const world = context.world();
      await withRunQuota(world);
      await create(world, { name: "deleted-pending", target: "payment/deployment/deleted-pending" });
      const waiting = await untilStatus(
        world,
        "deleted-pending",
        "waiting",
        ({ reason }) => reason === "QuotaExceeded",
      );
      await remove(world, waiting);
      await untilGone(world, "deleted-pending");
      await withoutRunQuota(world);
      await untilFree(world, "payment/deployments.apps/deleted-pending");
      assert.deepEqual(await recordOf(world, waiting), ["requested", "cancelled", "deleted"]);
    });

    it("while its run runs: cancels it, and leaves no run, TaskRun or pod", async () => {
      const world = context.world();
      const parameters = { PLAY_ENDING: "never" };
      await create(world, { name: "deleted-running", target: "payment/deployment/deleted-running", parameters });
      const running = await untilRunning(world, "deleted-running");
      const statuses = cancellations(world, running);
      await remove(world, running);
      await untilGone(world, "deleted-running");
      assert.deepEqual([...statuses], ["CancelledRunFinally"]);
      assert.deepEqual(childrenOf(world, running), []);
      await untilFree(world, "payment/deployments.apps/deleted-running");
      assert.deepEqual(await recordOf(world, running), ["requested", "starting", "started", "cancelled", "deleted"]);
      assert.equal((await auditView(world, running))["outcome"], "Cancelled");
    });

    it("after its end: takes its run with it", async () => {
      const world = context.world();
      await create(world, { name: "deleted-ended", target: "payment/deployment/deleted-ended" });
      const ended = await untilSettled(world, "deleted-ended");
      assert.equal(runsOf(world, ended).length, 1);
      await remove(world, ended);
      await untilGone(world, "deleted-ended");
      assert.deepEqual(childrenOf(world, ended), []);
      assert.deepEqual(await recordOf(world, ended), ["requested", "starting", "started", "completed", "deleted"]);
    });
  });
}

function testExternalDeletion(context: ControllerContext): void {
  describe("a run that somebody else deletes", () => {
    let execution: WorkflowExecution;

    it("keeps its target locked while a pod of it is there", async () => {
      const world = context.world();
      const parameters = { PLAY_ENDING: "never", PLAY_IGNORES_TERM: "true" };
      await create(world, { name: "run-deleted", target: "payment/deployment/run-deleted", parameters });
      execution = await untilRunning(world, "run-deleted");
      await world.until("its pod", () => podOf(world, execution));
      await world.kubectl("delete", "pipelinerun", execution.status?.executionRef?.name ?? "", "-n", RUNS);
      const reason = "PipelineRunDeletedExternally";
      const noticed = await untilStatus(world, "run-deleted", "notice", (status) => status.reason === reason);
      await world.until("its pod to be stopped", () => podOf(world, execution)?.metadata.deletionTimestamp, 90_000);
      await untilPastSettling(world, noticed);
      await create(world, { name: "run-deleted-b", target: "payment/deployment/run-deleted", workflowId: "other" });
      assert.equal((await untilFinished(world, "run-deleted-b")).status?.reason, "ResourceBusy");
      assert.equal(seen(world, "run-deleted")?.status?.phase, "Running");
    });

    it("ends the execution as Failed when the pod is gone, and says why", async () => {
      const world = context.world();
      const pod = podOf(world, execution);
      assert.ok(pod);
      await world.api.pods.delete(pod.metadata, { uid: pod.metadata.uid ?? "", gracePeriodSeconds: 0 });
      const { status } = await untilSettled(world, "run-deleted");
      assert.deepEqual([status?.phase, status?.failureDetails?.reason], ["Failed", "ExternallyDeleted"]);
      const events = await eventsWith(world, execution, "PipelineRunDeletedExternally");
      assert.equal(events.find(({ reason }) => reason === "PipelineRunDeletedExternally")?.type, "Warning");
    });

    it("is not made again", async () => {
      assert.deepEqual(runsOf(context.world(), execution), []);
      assert.deepEqual(await recordOf(context.world(), execution), ["requested", "starting", "started", "failed"]);
    });
  });
}

/** Waits until the pod alone can be what is waited for: the settle time is over by the server's clock. */
async function untilPastSettling({ connection }: World, { status }: WorkflowExecution): Promise<void> {
  const noticed = status?.conditions?.find(({ type }) => type === "TektonPipelineRunning")?.lastTransitionTime ?? "";
  const over = Date.parse(noticed) + EXTERNAL_DELETION_SETTLE_MS + 500;
  await waitFor("the settle time to be over", 30_000, () => connection.clock.now() > over);
}

/** Every value of spec.status that the run of an execution gets from now on. */
function cancellations(world: World, execution: WorkflowExecution): ReadonlySet<string> {
  const statuses = new Set<string>();
  world.stores.runs.subscribe(({ after }) => {
    if (isRunOf(after, execution) && after?.spec.status !== undefined) statuses.add(after.spec.status);
  });
  return statuses;
}

function isRunOf(run: PipelineRun | undefined, execution: WorkflowExecution): boolean {
  return run !== undefined && run.metadata.uid === execution.status?.executionRef?.uid;
}

function childrenOf({ stores }: World, { metadata }: WorkflowExecution): readonly unknown[] {
  return [stores.runs, stores.taskRuns, stores.pods].flatMap((store): readonly unknown[] =>
    store.byIndex("execution", metadata.uid ?? ""),
  );
}

function podOf({ stores }: World, { metadata }: WorkflowExecution): ReturnType<World["stores"]["pods"]["get"]> {
  return stores.pods.byIndex("execution", metadata.uid ?? "")[0];
}

async function recordOf(world: World, execution: WorkflowExecution): Promise<readonly string[]> {
  return (await auditRows(world, execution)).map(({ event }) => event);
}

async function untilFree(world: World, target: string): Promise<void> {
  await untilLock(world, target, "Free", ({ spec }) => spec.state === "Free");
}
