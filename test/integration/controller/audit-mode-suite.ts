import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import { isPendingRun } from "../../../pkg/tekton/run-state.ts";
import type { ControllerUnderTest } from "../../support/controller-under-test.ts";
import { create, runsOf, untilFinished, untilSettled, untilStatus, type ControllerContext } from "./context.ts";
import { auditRows, eventsWith } from "./records.ts";

/** Time enough for PostgreSQL to be away and come back. */
const PATIENT = { executionConfig: { maxDelay: "10m" } };

function ask(context: ControllerContext, name: string, maxDelay?: string): Promise<WorkflowExecution> {
  const spec = maxDelay === undefined ? PATIENT : { executionConfig: { maxDelay } };
  return create(context.world(), { name, target: `payment/deployment/${name}`, spec });
}

async function eventsOf(context: ControllerContext, execution: WorkflowExecution): Promise<readonly string[]> {
  return (await auditRows(context.world(), execution)).map(({ event }) => event);
}

const WHOLE_LIFE = ["requested", "starting", "started", "completed"];

/** With a controller in mode strict. */
export function testStrictMode(context: ControllerContext): void {
  describe("in audit mode strict", () => {
    it("an execution runs to its end while PostgreSQL is there", async () => {
      const execution = await ask(context, "on-record");
      assert.equal((await untilSettled(context.world(), "on-record")).status?.phase, "Completed");
      assert.deepEqual(await eventsOf(context, execution), WHOLE_LIFE);
    });

    it("no run starts while PostgreSQL is down, and the status says what is awaited", async () => {
      const world = context.world();
      await world.postgres.halt("SIGKILL");
      await ask(context, "off-record");
      const waiting = await untilStatus(world, "off-record", "WaitingForAudit", (s) => s.reason === "WaitingForAudit");
      assert.equal(waiting.status?.phase, "Pending");
      assert.deepEqual(runsOf(world, waiting).map(isPendingRun), [true]);
    });

    it("maxDelay ends who waits for too long, and nothing of it ran", async () => {
      const world = context.world();
      await ask(context, "impatient", "6s");
      const { status, ...ended } = await untilFinished(world, "impatient");
      assert.deepEqual([status?.phase, status?.reason], ["Failed", "DeadlineExceeded"]);
      assert.equal(status?.failureDetails?.wasExecutionFailure, false);
      assert.match(status.message ?? "", /WaitingForAudit/);
      await world.until("its run to be gone", () => runsOf(world, ended).length === 0 || undefined, 90_000);
    });

    it("who still waits starts when PostgreSQL is back, and ends", async () => {
      const world = context.world();
      const waiting = await untilStatus(world, "off-record", "Pending still", ({ phase }) => phase === "Pending");
      assert.deepEqual(runsOf(world, waiting).map(isPendingRun), [true]);
      await world.postgres.resume();
      const settled = await untilSettled(world, "off-record");
      assert.equal(settled.status?.phase, "Completed");
      assert.deepEqual(await eventsOf(context, settled), WHOLE_LIFE);
      const impatient = await untilSettled(world, "impatient");
      assert.deepEqual(await eventsOf(context, impatient), ["requested", "starting", "failed"]);
    });
  });
}

/** With a controller of its own, that lets three events wait. */
export function testAuditBacklog(context: ControllerContext): void {
  describe("while more audit events wait than are allowed", () => {
    const names = ["held-1", "held-2"];
    let controller: ControllerUnderTest;
    before(async () => {
      await context.controller().stop();
      controller = await context.startController({ audit: { settle: "0s", backlog: { maxEvents: 3 } } });
    });
    after(async () => {
      await controller.stop();
    });

    it("who was started ends, and who comes then stays Pending with AuditBacklog", async () => {
      const world = context.world();
      await world.postgres.halt("SIGKILL");
      await ask(context, "filling");
      assert.equal((await untilFinished(world, "filling")).status?.phase, "Completed");
      for (const name of names) await ask(context, name);
      for (const name of names) {
        const held = await untilStatus(world, name, "AuditBacklog", ({ reason }) => reason === "AuditBacklog");
        assert.deepEqual([held.status?.phase, runsOf(world, held)], ["Pending", []]);
        assert.match(held.status?.message ?? "", /more than 3 audit events wait for PostgreSQL/);
      }
    });

    it("an event and a metric tell it", async () => {
      const held = await untilStatus(context.world(), "held-1", "Pending", ({ phase }) => phase === "Pending");
      const events = await eventsWith(context.world(), held, "AuditBacklog");
      assert.deepEqual(
        events.map(({ type, reason }) => [type, reason]),
        [["Warning", "AuditBacklog"]],
      );
      assert.match(await controller.metrics(), /^workflowexecution_audit_closed 1$/m);
    });

    it("they go on when PostgreSQL is back", async () => {
      const world = context.world();
      await world.postgres.resume();
      for (const name of names) {
        const settled = await untilSettled(world, name);
        assert.equal(settled.status?.phase, "Completed");
        assert.deepEqual(await eventsOf(context, settled), WHOLE_LIFE);
      }
      assert.match(await controller.metrics(), /^workflowexecution_audit_closed 0$/m);
    });
  });
}
