import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { after, timeAfter } from "../../test/support/builders/moments.ts";
import type { AuditEntry } from "../api/workflow-execution.ts";
import { allRecorded, auditCondition, eventName, eventType, isNews, nextAudit, type NewEvent } from "./outbox.ts";

const started: NewEvent = { name: "started", outcome: "success", facts: { runName: "r", startTime: undefined } };
const failed: NewEvent = { name: "failed", outcome: "failure", reason: "OOMKilled", facts: {} };
const receipt = { ordinal: 2, at: timeAfter(9), seq: 40, hash: "h" };

function entry(ordinal: number): AuditEntry {
  return { ordinal, type: eventType("requested"), at: timeAfter(0), outcome: "success" };
}

function text(ordinal: number): string {
  return JSON.stringify(entry(ordinal));
}

describe("the outbox", () => {
  it("numbers its events from 1, with their time, and without facts that have no value", () => {
    assert.deepEqual(nextAudit(undefined, undefined, [started, failed], after(5)).pending, [
      {
        ordinal: 1,
        type: "workflowexecution.workflow.started",
        at: timeAfter(5),
        outcome: "success",
        facts: { runName: "r" },
      },
      {
        ordinal: 2,
        type: "workflowexecution.workflow.failed",
        at: timeAfter(5),
        outcome: "failure",
        reason: "OOMKilled",
        facts: {},
      },
    ]);
  });
  it("goes on after the last pending one, or after the last committed one", () => {
    function ordinals(audit: Parameters<typeof nextAudit>[0]): unknown {
      return nextAudit(audit, undefined, [started], after(5)).pending?.map(({ ordinal }) => ordinal);
    }
    assert.deepEqual(ordinals({ pending: [entry(3)] }), [3, 4]);
    assert.deepEqual(ordinals({ pending: [], acked: { ordinal: 7, at: timeAfter(0) } }), [8]);
  });
  it("folds a receipt in: what is committed leaves the outbox, the numbers go on", () => {
    const audit = nextAudit({ pending: [entry(1), entry(2), entry(3)] }, receipt, [started], after(5));
    assert.deepEqual(
      audit.pending?.map(({ ordinal }) => ordinal),
      [3, 4],
    );
    assert.deepEqual(audit.recorded, [text(1), text(2)]);
    assert.deepEqual([audit.acked, audit.seq, audit.hash], [{ ordinal: 2, at: timeAfter(9) }, 40, "h"]);
    assert.deepEqual(nextAudit({ pending: [entry(2)] }, receipt, [started], after(5)).pending?.[0]?.ordinal, 3);
  });
  it("keeps the newest eight committed events, for a database that loses them", () => {
    const [recorded, pending] = [[1, 2, 3, 4, 5, 6].map(text), [7, 8, 9, 10].map(entry)];
    const audit = nextAudit({ recorded, pending }, { ...receipt, ordinal: 9 }, [], after(5));
    assert.deepEqual(audit.recorded, [2, 3, 4, 5, 6, 7, 8, 9].map(text));
    assert.deepEqual(audit.pending, [entry(10)]);
  });
  it("takes no receipt that is older than what it knows", () => {
    const audit = { pending: [entry(3)], acked: { ordinal: 2, at: timeAfter(9) }, seq: 1, hash: "known" };
    assert.deepEqual(nextAudit(audit, receipt, [], after(5)), audit);
  });
  it("takes a later receipt for the same event where it is another row by now: the first one was lost", () => {
    const audit = { recorded: [text(1), text(2)], acked: { ordinal: 2, at: timeAfter(8) }, seq: 41, hash: "lost" };
    assert.deepEqual(nextAudit(audit, receipt, [], after(5)), {
      pending: [],
      recorded: [text(1), text(2)],
      acked: { ordinal: 2, at: timeAfter(9) },
      seq: 40,
      hash: "h",
    });
    const older = { ...receipt, at: timeAfter(7) };
    assert.ok(!isNews(audit, older), "the receipt is the older one");
    assert.ok(!isNews({ ...audit, hash: "h" }, receipt), "the row is the same");
  });
  it("knows whether a receipt is news", () => {
    assert.ok(isNews(undefined, receipt));
    assert.ok(isNews({ acked: { ordinal: 1, at: "" } }, receipt));
    assert.ok(!isNews({ acked: { ordinal: 2, at: "" } }, receipt));
    assert.ok(!isNews({}, undefined));
  });
  it("is all recorded only where something was, and nothing waits", () => {
    assert.ok(allRecorded({ pending: [], acked: { ordinal: 1, at: "" } }));
    assert.ok(!allRecorded({ pending: [entry(2)], acked: { ordinal: 1, at: "" } }));
    assert.ok(!allRecorded({ pending: [] }));
    assert.ok(!allRecorded(undefined));
  });
  it("shows as a condition whether something waits", () => {
    assert.equal(auditCondition({ pending: [entry(1)] }).status, "False");
    assert.equal(auditCondition({ pending: [] }).status, "True");
  });
  it("names an event by the end of its type", () => {
    assert.equal(eventName(eventType("cancelled")), "cancelled");
    assert.equal(eventName(eventType("cleared")), "cleared");
  });
  it("tells what happened to a block from what happened to a workflow", () => {
    assert.equal(eventType("cleared"), "workflowexecution.block.cleared");
    assert.equal(eventType("deleted"), "workflowexecution.workflow.deleted");
  });
});
