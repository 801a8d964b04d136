import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anAuditedExecution, anEntry } from "../../../test/support/audited-execution.ts";
import { anAuditedLock } from "../../../test/support/audited-lock.ts";
import { aRecordedEvent, hashOf, recordedLife } from "../../../test/support/recorded-events.ts";
import type { AuditState } from "../../api/workflow-execution.ts";
import { auditedExecution } from "../audited-execution.ts";
import { auditedLock } from "../audited-lock.ts";
import { checkObject } from "./check-object.ts";
import type { Comparison } from "./check-object.ts";
import { knownObject } from "./known-object.ts";
import type { KnownObject } from "./known-object.ts";

/** An execution whose events up to one are recorded, as rows 1, 2, 3. */
function acked(ordinal: number, pending: AuditState["pending"] = []): KnownObject {
  const audit = { acked: { ordinal, at: "2026-03-01T10:00:00Z" }, seq: ordinal, hash: hashOf(ordinal), pending };
  return knownObject(auditedExecution(anAuditedExecution({ audit })));
}

const running = recordedLife("requested", "starting", "started");
const finished = recordedLife("requested", "started", "completed");
const deleted = recordedLife("requested", "started", "completed", "deleted");
const lock = knownObject(auditedLock(anAuditedLock({ audit: { pending: [] } })));
const clearing = aRecordedEvent(1, { type: "workflowexecution.block.cleared", namespace: "" });

type Parts = Partial<Omit<Comparison, "after">> & { readonly after?: KnownObject | undefined };

function kinds({ before, rows = [], droppedTo = 0, ...rest }: Parts): readonly string[] {
  const after = "after" in rest ? rest.after : before;
  return checkObject({ before, rows, after, droppedTo }).map(({ kind }) => kind);
}

const complete: Readonly<Record<string, Parts>> = {
  "an execution of which nothing is known anywhere": { before: acked(0) },
  "an execution whose events are recorded": { before: acked(3), rows: running },
  "an execution that waits for more": { before: acked(3, [anEntry(4, "completed")]), rows: running },
  "an event that is recorded before its object says so": {
    before: acked(2, [anEntry(3, "started")]),
    rows: running,
  },
  "an execution that went on while it was read": { before: acked(2), rows: running, after: acked(3) },
  "one that was deleted, with the event that says so": { before: undefined, rows: deleted },
  "one that was skipped and deleted": { before: undefined, rows: recordedLife("requested", "skipped", "deleted") },
  "one that went while it was read": { before: acked(3), rows: running, after: undefined },
  "a lock that is gone": { before: undefined, rows: [clearing] },
  "a lock without events": { before: lock },
  "events whose first ones were dropped with their month": { before: acked(3), rows: running.slice(1), droppedTo: 1 },
  "an execution all of whose events were dropped": { before: acked(3), droppedTo: 3 },
};

const wrong: Readonly<Record<string, readonly [Parts, readonly string[]]>> = {
  "a first event that is missing": [{ before: acked(3), rows: running.slice(1) }, ["missing"]],
  "an event in the middle that is missing": [
    { before: acked(3), rows: [...running.slice(0, 1), ...running.slice(2)] },
    ["missing"],
  ],
  "a gap though earlier events were dropped": [
    { before: acked(4), rows: [aRecordedEvent(2), aRecordedEvent(4)], droppedTo: 1 },
    ["missing"],
  ],
  "last events that are missing though they were acknowledged": [
    { before: acked(3), rows: running.slice(0, 2) },
    ["missing"],
  ],
  "all events missing though they were acknowledged": [{ before: acked(3) }, ["missing"]],
  "all events missing that are newer than what was dropped": [{ before: acked(3), droppedTo: 2 }, ["missing"]],
  "an event that is there twice": [
    { before: acked(3), rows: [...running, aRecordedEvent(3, { seq: 9 })] },
    ["doubled"],
  ],
  "a receipt of another row": [
    { before: acked(3), rows: [...running.slice(0, 2), aRecordedEvent(3, { seq: 7 })] },
    ["receipt"],
  ],
  "a receipt with another hash": [
    { before: acked(3), rows: [...running.slice(0, 2), aRecordedEvent(3, { hash: hashOf(9) })] },
    ["receipt"],
  ],
  "a waiting event that is recorded as another one": [
    { before: acked(2, [anEntry(3, "failed")]), rows: running },
    ["type"],
  ],
  "a trail that knows more than the cluster": [{ before: acked(2), rows: running }, ["ahead"]],
  "an execution that is gone without a word": [{ before: undefined, rows: finished }, ["gone"]],
  "an execution that is gone while it ran": [{ before: undefined, rows: running }, ["gone", "unended"]],
  "a deletion of an execution whose run has no end": [
    { before: undefined, rows: recordedLife("requested", "started", "deleted") },
    ["unended"],
  ],
};

describe("checkObject", () => {
  for (const [sentence, parts] of Object.entries(complete)) {
    it(`finds nothing wrong in ${sentence}`, () => {
      assert.deepEqual(kinds(parts), []);
    });
  }
  for (const [sentence, [parts, expected]] of Object.entries(wrong)) {
    it(`finds ${sentence}`, () => {
      assert.deepEqual(kinds(parts), expected);
    });
  }
  it("names the object and what is missing", () => {
    assert.deepEqual(checkObject({ before: acked(3), rows: running.slice(0, 1), after: acked(3), droppedTo: 0 }), [
      {
        kind: "missing",
        subject: `remediation/restart-checkout (uid ${acked(3).uid})`,
        detail: "events 2 to 3 are missing, though the cluster has a receipt for them",
      },
    ]);
  });
});
