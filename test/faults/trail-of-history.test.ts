import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FINALIZER } from "../../pkg/api/labels.ts";
import type { AuditEntry, AuditState, WorkflowExecution } from "../../pkg/api/workflow-execution.ts";
import { anAuditedExecution, anEntry, entries } from "../support/audited-execution.ts";
import { aClearing, anAuditedLock } from "../support/audited-lock.ts";
import { outboxesIn, type OutboxHistory } from "./outbox-history.ts";
import type { RecordedEvent } from "./read-trail.ts";
import { asHistory, type Told } from "./story.ts";
import { compareTrail } from "./trail-of-history.ts";

const UID = "w-1";
const NAME = "restart-checkout";

/** A write of the execution; what is said of its outbox. */
function write(audit?: AuditState, finalizers: readonly string[] = [FINALIZER]): Told {
  const execution = anAuditedExecution({ uid: UID, name: NAME, ...(audit === undefined ? {} : { audit }) });
  const object: WorkflowExecution = { ...execution, metadata: { ...execution.metadata, finalizers } };
  return { what: "", kind: "execution", object };
}

function acked(ordinal: number, pending: readonly AuditEntry[] = []): AuditState {
  return { pending, acked: { ordinal, at: "2026-03-01T10:00:01Z" }, seq: ordinal, hash: `hash-${String(ordinal)}` };
}

const removal: Told = { ...write(), deleted: true };

function outboxes(...story: readonly Told[]): OutboxHistory {
  return outboxesIn(asHistory(story));
}

describe("the outboxes of a history", () => {
  it("give each event once, however long it waits, and every receipt", () => {
    const seen = outboxes(
      write(),
      write({ pending: entries(1, 2) }),
      write(acked(1, entries(2, 3))),
      write(acked(3)),
      write(acked(3)),
    );
    assert.deepEqual(
      seen.events.map(({ ordinal, uid, name }) => [ordinal, uid, name]),
      [1, 2, 3].map((ordinal) => [ordinal, UID, NAME]),
    );
    assert.deepEqual(seen.receipts, [
      { seq: 1, hash: "hash-1" },
      { seq: 3, hash: "hash-3" },
    ]);
    assert.deepEqual([seen.executions, seen.gone, seen.problems], [1, 0, []]);
  });

  it("are those of locks too", () => {
    const lock = anAuditedLock({ uid: "lock-1", name: "target-1", audit: { pending: [aClearing(1)] } });
    const seen = outboxes({ what: "", kind: "lock", object: lock });
    assert.deepEqual(
      seen.events.map(({ uid, name, type }) => [uid, name, type]),
      [["lock-1", "target-1", "workflowexecution.block.cleared"]],
    );
    assert.equal(seen.executions, 0);
  });

  it("are right where an execution went after its last event was recorded, or before it had one", () => {
    const gone = outboxes(write({ pending: [anEntry(1, "deleted")] }), write(acked(1)), removal);
    assert.deepEqual([gone.gone, gone.problems], [1, []]);
    const early = write(undefined, []);
    assert.deepEqual(outboxes(early, { ...early, deleted: true }).problems, []);
  });

  const wrong: Readonly<Record<string, readonly [story: readonly Told[], problem: RegExp]>> = {
    "an event that changes": [
      [write({ pending: [anEntry(1)] }), write({ pending: [anEntry(1, "requested", { reason: "Other" })] })],
      /event 1 \(requested\) of restart-checkout \(w-1\) was changed in its outbox/,
    ],
    "an event that is dropped before it is recorded": [
      [write({ pending: entries(1, 2) }), write(acked(1))],
      /event 2 .* left its outbox unrecorded/,
    ],
    "an event that was never in an outbox": [[write(acked(1, [anEntry(2)]))], /numbered 2$/],
    "an execution that goes while events wait": [
      [write({ pending: [anEntry(1, "deleted")] }), removal],
      /went with unrecorded events/,
    ],
    "an execution that goes without a word": [
      [write({ pending: [anEntry(1)] }), write(acked(1)), removal],
      /went without telling of its deletion/,
    ],
  };
  for (const [what, [story, problem]] of Object.entries(wrong)) {
    it(`show ${what}`, () => {
      const { problems } = outboxes(...story);
      assert.equal(problems.length, 1, problems.join("\n"));
      assert.match(problems[0] ?? "", problem);
    });
  }
});

describe("a trail beside the outboxes that it was made from", () => {
  const facts = { lockEpoch: "3" };
  const told = outboxes(
    write({ pending: [anEntry(1), anEntry(2, "started", { reason: "RunStarted", facts })] }),
  ).events;
  const rows: readonly RecordedEvent[] = told.map(({ uid, name, ordinal, type, outcome, ...event }) => ({
    ...{ seq: ordinal, eventId: `id-${String(ordinal)}`, uid, name, ordinal, type, outcome },
    ...{ at: "2026-03-01T10:00:00.000000Z", reason: event.reason ?? null, facts: event.facts ?? {} },
  }));
  const [first, second] = rows;
  assert.ok(first !== undefined && second !== undefined);

  it("is right where it has one row an event, with what that says", () => {
    assert.deepEqual(compareTrail(told, rows), []);
  });

  const wrong: Readonly<Record<string, readonly [rows: readonly RecordedEvent[], problem: RegExp]>> = {
    "a row that is missing": [[first], /^event 2 \(started\) of restart-checkout \(w-1\) has no row$/],
    "an event that was recorded twice": [
      [first, second, { ...second, seq: 3, eventId: "id-3" }],
      /^event 2 .* has rows 2, 3$/,
    ],
    "an id that two rows have": [[first, { ...second, eventId: first.eventId }], /^id-1 is the id of rows 1, 2$/],
    "a row of an event that never was": [
      [first, second, { ...second, seq: 3, eventId: "id-3", ordinal: 3 }],
      /^row 3, event 3 .*, was in no outbox$/,
    ],
    "a row of an execution that never was": [
      [first, second, { ...first, seq: 3, eventId: "id-3", uid: "w-2" }],
      /^row 3, .* \(w-2\), was in no outbox$/,
    ],
    "another type": [[first, { ...second, type: "workflowexecution.workflow.failed" }], /workflow\.failed/],
    "another outcome": [[first, { ...second, outcome: "failure" }], /"outcome":"failure"/],
    "another reason": [[first, { ...second, reason: "Other" }], /"reason":"Other"/],
    "no reason": [[first, { ...second, reason: null }], /^row 2,/],
    "another time": [[first, { ...second, at: "2026-03-01T10:00:00.001000Z" }], /^row 2,/],
    "another name": [[first, { ...second, name: "other" }], /"name":"other"/],
    "another fact": [[first, { ...second, facts: { lockEpoch: "4" } }], /"lockEpoch":"4"/],
    "a fact too many": [[first, { ...second, facts: { ...facts, more: "x" } }], /"more":"x"/],
  };
  for (const [what, [given, problem]] of Object.entries(wrong)) {
    it(`shows ${what}`, () => {
      const problems = compareTrail(told, given);
      assert.equal(problems.length, 1, problems.join("\n"));
      assert.match(problems[0] ?? "", problem);
    });
  }
});
