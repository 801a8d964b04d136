import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aSnapshot } from "../../test/support/builders/a-snapshot.ts";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import { timeAfter } from "../../test/support/builders/moments.ts";
import { eventsIn, written } from "../../test/support/builders/written.ts";
import { conditionOf } from "./conditions.ts";
import { writeReceipt, writeStatus, type StatusChange } from "./write-status.ts";

const change: StatusChange = {
  status: { reason: "Starting", message: "soon" },
  conditions: [{ type: "Stuck", status: "False", reason: "Progressing", message: "" }],
  events: [{ name: "starting", outcome: "pending", facts: {} }],
};
const w = aWorkflowExecution({ metadata: { generation: 3 }, status: { locks: [{ name: "l", uid: "u", epoch: 1 }] } });
const receipt = { ordinal: 1, at: timeAfter(9), seq: 40, hash: "h" };

describe("a write of the status", () => {
  it("has the change, its event and the conditions of the phase, and keeps everything else", () => {
    const step = writeStatus(aSnapshot({ execution: w }), w, change);
    const status = written(step);
    assert.deepEqual([status.phase, status.reason, status.message], ["Pending", "Starting", "soon"]);
    assert.deepEqual(status.locks, w.status?.locks);
    assert.deepEqual(eventsIn(step), ["starting"]);
    assert.equal(status.observedGeneration, 3);
    assert.equal(conditionOf(status, "Ready")?.reason, "Starting");
    assert.equal(conditionOf(status, "Stuck")?.observedGeneration, 3);
    assert.equal(conditionOf(status, "AuditRecorded")?.status, "False");
  });
  it("carries the version that it was decided from", () => {
    const step = writeStatus(aSnapshot({ execution: w }), w, change);
    assert.equal(step?.type === "WriteStatus" && step.execution.metadata.resourceVersion, "100");
  });

  const { events: _events, ...silent } = change;
  const same = aWorkflowExecution({ status: written(writeStatus(aSnapshot({ execution: w }), w, silent)) });
  it("isn't made where the status says all of it already, whatever the time", () => {
    const once = aWorkflowExecution({ metadata: { generation: 3 }, ...(same.status && { status: same.status }) });
    assert.equal(writeStatus(aSnapshot({ execution: once, now: 0 }), once, silent), undefined);
  });
  it("isn't made for a receipt alone", () => {
    const once = aWorkflowExecution({ metadata: { generation: 3 }, ...(same.status && { status: same.status }) });
    assert.equal(writeStatus(aSnapshot({ execution: once, more: { receipt } }), once, silent), undefined);
  });
  it("takes a receipt along", () => {
    const before = aWorkflowExecution({ status: written(writeStatus(aSnapshot({ execution: w }), w, change)) });
    const s = aSnapshot({ execution: before, more: { receipt } });
    const next = written(writeStatus(s, before, { status: { reason: "Running" } }));
    const recorded = before.status?.audit?.pending?.map((entry) => JSON.stringify(entry));
    const acked = { ordinal: 1, at: timeAfter(9) };
    assert.deepEqual(next.audit, { pending: [], recorded, acked, seq: 40, hash: "h" });
    assert.equal(conditionOf(next, "AuditRecorded")?.status, "True");
    assert.deepEqual(written(writeReceipt(s, before)).audit, next.audit);
  });
  it("works where there is no status yet", () => {
    const { status: _status, ...bare } = w;
    assert.equal(written(writeStatus(aSnapshot({ execution: bare }), bare, change)).phase, "Pending");
  });
  it("leaves the condition of a deletion as it is", () => {
    const deleting = [{ type: "Reconciling", status: "True", reason: "Deleting", message: "" }] as const;
    const going = written(writeStatus(aSnapshot({ execution: w }), w, { status: {}, conditions: deleting }));
    const after = aWorkflowExecution({ status: { ...going, phase: "Completed" } });
    assert.equal(
      conditionOf(written(writeReceipt(aSnapshot({ execution: after }), after)), "Reconciling")?.reason,
      "Deleting",
    );
  });
});
