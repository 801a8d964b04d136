import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import {
  conditionStatus,
  create,
  remove,
  runsOf,
  seen,
  untilFinished,
  untilGone,
  untilRunning,
  untilSettled,
  untilStatus,
  type ControllerContext,
} from "./context.ts";
import { auditRows } from "./records.ts";

/** PostgreSQL and the API server go away and come back. */
export function testOutages(context: ControllerContext): void {
  testDatabaseOutage(context);
  testApiServerOutage(context);
  testStopInOutage(context);
}

function testDatabaseOutage(context: ControllerContext): void {
  describe("while PostgreSQL is down", () => {
    let first: WorkflowExecution;

    it("executions run to their end, and say that their audit events wait", async () => {
      const world = context.world();
      await world.postgres.halt("SIGKILL");
      first = await create(world, { name: "no-database", target: "payment/deployment/no-database" });
      const { status } = await untilFinished(world, "no-database");
      assert.equal(status?.phase, "Completed");
      assert.equal(conditionStatus(status, "AuditRecorded"), "False");
      assert.equal(status.audit?.pending?.length, 4);
    });

    it("a deleted execution stays, without its run, until its events are committed", async () => {
      const world = context.world();
      await remove(world, first);
      await world.until("its run to be gone", () => runsOf(world, first).length === 0 || undefined, 90_000);
      const waiting = await untilStatus(world, "no-database", "five events", (s) => s.audit?.pending?.length === 5);
      assert.deepEqual(waiting.metadata.finalizers, ["kubernaut.ai/workflowexecution-cleanup"]);
    });

    it("the controller is alive and ready, and shows the backlog", async () => {
      assert.equal((await context.controller().health("/health")).status, 200);
      assert.equal((await context.controller().health("/ready")).status, 200);
      assert.match(await context.controller().metrics(), /^workflowexecution_audit_backlog 5$/m);
    });

    it("the rows arrive when it is back, and only then the execution goes", async () => {
      const world = context.world();
      assert.notEqual(seen(world, "no-database"), undefined);
      await world.postgres.resume();
      await untilGone(world, "no-database");
      const events = (await auditRows(world, first)).map(({ ordinal, event }) => `${String(ordinal)} ${event}`);
      assert.deepEqual(events, ["1 requested", "2 starting", "3 started", "4 completed", "5 deleted"]);
    });
  });
}

function testApiServerOutage(context: ControllerContext): void {
  describe("an API server that is killed in mid-run", () => {
    it("is waited for: one run, the right outcome, no controller restart", async () => {
      const world = context.world();
      const { pid } = context.controller();
      const parameters = { PLAY_ENDING: "never" };
      await create(world, { name: "no-server", target: "payment/deployment/no-server", parameters });
      const running = await untilRunning(world, "no-server");
      await world.cluster.kill("kube-apiserver");
      assert.equal((await context.controller().health("/health")).status, 200);
      await world.cluster.restart("kube-apiserver");
      world.player.end(running.metadata.uid ?? "", "succeed");
      const settled = await untilSettled(world, "no-server");
      assert.equal(settled.status?.phase, "Completed");
      assert.deepEqual(
        runsOf(world, settled).map(({ metadata }) => metadata.uid),
        [running.status?.executionRef?.uid],
      );
      assert.equal((await auditRows(world, settled)).length, 4);
      assert.equal(context.controller().pid, pid);
      assert.doesNotThrow(() => process.kill(pid, 0));
    });
  });
}

function testStopInOutage(context: ControllerContext): void {
  describe("SIGTERM while both API server and PostgreSQL are down", () => {
    it("ends the controller with 0 within 10 seconds, and its successor finishes the work", async () => {
      const world = context.world();
      const parameters = { PLAY_ENDING: "never" };
      await create(world, { name: "all-down", target: "payment/deployment/all-down", parameters });
      const running = await untilRunning(world, "all-down");
      await Promise.all([world.postgres.halt("SIGKILL"), world.cluster.kill("kube-apiserver")]);
      const { code, seconds } = await context.controller().stop();
      assert.equal(code, 0);
      assert.ok(seconds < 10, `it took ${String(seconds)} s`);
      await Promise.all([world.postgres.resume(), world.cluster.restart("kube-apiserver")]);
      await context.restartController();
      world.player.end(running.metadata.uid ?? "", "succeed");
      assert.equal((await untilSettled(world, "all-down")).status?.phase, "Completed");
    });
  });
}
