import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import { timeAfter } from "../../test/support/builders/moments.ts";
import type { AuditEntry } from "../api/workflow-execution.ts";
import { kubernetesEvent, type KubernetesEvent } from "./kubernetes-event.ts";
import { eventType, type EventName } from "./outbox.ts";

function eventOf(name: EventName, facts: AuditEntry["facts"] = {}, reason?: string): KubernetesEvent | undefined {
  const entry = { ordinal: 1, type: eventType(name), at: timeAfter(0), outcome: "success", facts } as const;
  return kubernetesEvent(aWorkflowExecution(), reason === undefined ? entry : { ...entry, reason });
}

const run = { runNamespace: "kubernaut-workflows", runName: "r", targetResource: "payment/deployments.apps/checkout" };
const failure = { ...run, failureReason: "OOMKilled", failureMessage: "out of memory" };

const EVENTS: readonly (readonly [EventName, AuditEntry["facts"], type: string, reason: string, note: RegExp])[] = [
  ["started", run, "Normal", "ExecutionStarted", /PipelineRun kubernaut-workflows\/r started$/],
  ["completed", { ...run, duration: "30s" }, "Normal", "ExecutionCompleted", /completed in 30s/],
  ["failed", failure, "Warning", "ExecutionFailed", /failed, OOMKilled: out of memory$/],
  ["cancelled", failure, "Normal", "ExecutionCancelled", /checkout: out of memory$/],
  ["skipped", { skipMessage: "target is held" }, "Normal", "ExecutionSkipped", /skipped, target is held$/],
];

describe("what an operator is told", () => {
  for (const [name, facts, type, reason, note] of EVENTS) {
    it(`is an event when an execution is ${name}`, () => {
      const event = eventOf(name, facts);
      assert.deepEqual([event?.type, event?.reason, event?.action], [type, reason, "Execute"]);
      assert.match(event?.note ?? "", note);
    });
  }
  it("begins with the workflow and its target", () => {
    assert.match(
      eventOf("started", run)?.note ?? "",
      /^workflow restart-deployment 1.2.0 on payment\/deployments.apps\/checkout: /,
    );
    assert.match(eventOf("skipped")?.note ?? "", /on payment\/Deployment\/checkout: skipped, unknown$/);
  });
  it("is a warning of its own when a run was deleted by somebody else", () => {
    const event = eventOf("failed", failure, "ExternallyDeleted");
    assert.deepEqual([event?.type, event?.reason], ["Warning", "PipelineRunDeletedExternally"]);
  });
  it("is a warning when a step may have run twice, whatever the outcome", () => {
    const event = eventOf("completed", { ...run, duration: "30s", repeatedSteps: "pod p was made again" });
    assert.equal(event?.type, "Warning");
    assert.match(event.note, /completed in 30s .*; pod p was made again$/);
  });
  for (const name of ["requested", "starting", "deleted"] as const) {
    it(`isn't an event when an execution is ${name}`, () => {
      assert.equal(eventOf(name), undefined);
    });
  }
});
