import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { anAuditedExecution, anEntry, committed, entries } from "../../test/support/audited-execution.ts";
import type { AuditedExecutionParts } from "../../test/support/audited-execution.ts";
import { aClearing, anAuditedLock } from "../../test/support/audited-lock.ts";
import { auditedExecution } from "./audited-execution.ts";
import { auditedLock } from "./audited-lock.ts";
import type { Audited } from "./audited.ts";
import { Backlog } from "./backlog.ts";
import type { Receipt, Work } from "./backlog.ts";

const at = "2026-03-01T10:00:00Z";

function anExecution(parts: AuditedExecutionParts = {}): Audited {
  return auditedExecution(anAuditedExecution(parts));
}

/** An execution `uid` whose events `first` to `last` are pending and those before are acknowledged. */
function pending(uid: string, first: number, last: number, resourceVersion = String(last)): Audited {
  const acked = first > 1 ? { acked: { ordinal: first - 1, at } } : {};
  return anExecution({ uid, name: uid, resourceVersion, audit: { ...acked, pending: entries(first, last) } });
}

function aReceipt(ordinal: number): Receipt {
  return { ordinal, at, seq: 100 + ordinal, hash: "h" };
}

/** Reads as "uid:ordinal,ordinal uid:ordinal". */
function show(work: readonly Work[]): string {
  return work
    .map(({ audited, entries: list }) => `${audited.ref.name}:${list.map((e) => e.ordinal).join(",")}`)
    .join(" ");
}

describe("the backlog", () => {
  let backlog: Backlog;
  beforeEach(() => {
    backlog = new Backlog();
  });

  /** Sends everything; all of it is recorded. */
  function recordAll(): void {
    for (const work of backlog.next(Infinity)) {
      backlog.settle(work, aReceipt(work.entries.at(-1)?.ordinal ?? 0));
    }
  }

  it("has the pending events of each execution once, the first execution first", () => {
    backlog.offer(pending("a", 1, 1));
    backlog.offer(pending("b", 3, 4));
    backlog.offer(pending("a", 1, 2));
    assert.equal(show(backlog.next(Infinity)), "a:1,2 b:3,4");
    assert.deepEqual(backlog.size(), { events: 4, objects: 2, refused: 0, oldestAt: at });
  });

  it("has nothing of executions without pending events", () => {
    backlog.offer(anExecution());
    backlog.offer(anExecution({ audit: { acked: { ordinal: 3, at } } }));
    assert.deepEqual(backlog.size(), { events: 0, objects: 0, refused: 0 });
  });

  it("fills a batch with whole executions", () => {
    for (const uid of ["a", "b", "c"]) backlog.offer(pending(uid, 1, 2));
    assert.equal(show(backlog.next(3)), "a:1,2 b:1,2");
    assert.equal(show(backlog.next(1)), "a:1,2");
  });

  it("knows the oldest event by its time, not by its place", () => {
    const old = anEntry(1, "requested", { at: "2026-03-01T09:00:00.5Z" });
    backlog.offer(pending("a", 1, 1));
    backlog.offer(anExecution({ uid: "b", audit: { pending: [old] } }));
    assert.equal(backlog.size().oldestAt, old.at);
  });

  it("knows what is outstanding at each moment", () => {
    const seen = [backlog.outstanding().events];
    function note(): void {
      seen.push(backlog.outstanding().events);
    }
    backlog.offer(pending("a", 1, 2));
    backlog.offer(pending("b", 1, 1));
    note();
    recordAll();
    note();
    backlog.offer(pending("a", 1, 3));
    note();
    backlog.offer(anExecution({ uid: "a", audit: { acked: { ordinal: 3, at } } }));
    note();
    backlog.offer(pending("c", 1, 4));
    note();
    backlog.forget("c");
    note();
    assert.deepEqual(seen, [0, 3, 0, 1, 0, 4, 0]);
  });

  it("does not go back to an older state that arrives late", () => {
    backlog.offer(pending("a", 1, 3));
    backlog.offer(pending("a", 1, 1));
    assert.equal(show(backlog.next(Infinity)), "a:1,2,3");
  });

  it("gives a receipt until the status has it", () => {
    backlog.offer(pending("a", 1, 2));
    recordAll();
    assert.deepEqual(backlog.receipt("a"), aReceipt(2));
    backlog.offer(pending("a", 2, 3));
    assert.deepEqual(backlog.receipt("a"), aReceipt(2), "the status acknowledges only event 1");
    backlog.offer(pending("a", 3, 3));
    assert.equal(backlog.receipt("a"), undefined);
  });

  it("does not send again what has a receipt, though the status still lists it", () => {
    backlog.offer(pending("a", 1, 2));
    recordAll();
    backlog.offer(pending("a", 1, 2));
    assert.equal(show(backlog.next(Infinity)), "");
    backlog.offer(pending("a", 1, 3));
    assert.equal(show(backlog.next(Infinity)), "a:3");
  });

  it("keeps the events that came while a batch was under way", () => {
    backlog.offer(pending("a", 1, 1));
    const [work] = backlog.next(Infinity);
    assert(work);
    backlog.offer(pending("a", 1, 2));
    assert.equal(backlog.settle(work, aReceipt(1)), true);
    assert.equal(show(backlog.next(Infinity)), "a:2");
  });

  it("keeps nothing of an execution that went while a batch was under way", () => {
    backlog.offer(pending("a", 1, 1));
    const [work] = backlog.next(Infinity);
    assert(work);
    backlog.forget("a");
    assert.equal(backlog.settle(work, aReceipt(1)), false);
    assert.equal(backlog.receipt("a"), undefined);
    assert.deepEqual(backlog.size(), { events: 0, objects: 0, refused: 0 });
  });

  it("drops what another replica has recorded", () => {
    backlog.offer(pending("a", 1, 2));
    backlog.offer(anExecution({ uid: "a", audit: { acked: { ordinal: 2, at } } }));
    assert.equal(show(backlog.next(Infinity)), "");
  });

  it("holds locks as it holds executions, and gives each its own receipt", () => {
    backlog.offer(pending("a", 1, 1));
    backlog.offer(
      auditedLock(anAuditedLock({ uid: "l", name: "lock", audit: { pending: [aClearing(1), aClearing(2)] } })),
    );
    assert.equal(show(backlog.next(Infinity)), "a:1 lock:1,2");
    recordAll();
    assert.deepEqual([backlog.receipt("a"), backlog.receipt("l")], [aReceipt(1), aReceipt(2)]);
    backlog.offer(auditedLock(anAuditedLock({ uid: "l", resourceVersion: "9", audit: { acked: { ordinal: 2, at } } })));
    assert.deepEqual([backlog.receipt("a"), backlog.receipt("l")], [aReceipt(1), undefined]);
  });

  it("does not send a lock's event again while the lock goes on without its receipt", () => {
    const audit = { pending: [aClearing(1)] };
    backlog.offer(auditedLock(anAuditedLock({ name: "lock", audit })));
    recordAll();
    backlog.offer(auditedLock(anAuditedLock({ name: "lock", resourceVersion: "8", spec: { epoch: 2 }, audit })));
    assert.equal(show(backlog.next(Infinity)), "");
    assert.deepEqual(backlog.receipt("lock-1"), aReceipt(1));
  });

  it("takes nothing of an object that the API server never had", () => {
    backlog.offer(anExecution({ uid: "", audit: { pending: entries(1, 1) } }));
    assert.deepEqual(backlog.size(), { events: 0, objects: 0, refused: 0 });
  });

  describe("of an execution with a refused event", () => {
    beforeEach(() => {
      backlog.offer(pending("a", 1, 3));
      const [work] = backlog.next(Infinity);
      assert(work);
      assert.equal(backlog.settle(work, aReceipt(1)), true);
    });

    it("has a receipt up to the event before", () => {
      assert.deepEqual(backlog.receipt("a"), aReceipt(1));
    });

    it("counts it, but does not try it again as long as nothing has changed", () => {
      assert.deepEqual(backlog.size(), { events: 2, objects: 1, refused: 1, oldestAt: at });
      backlog.offer(pending("a", 1, 3));
      assert.equal(show(backlog.next(Infinity)), "");
    });

    it("is outstanding only when it is tried again: nobody waits for what is refused", () => {
      assert.deepEqual(backlog.outstanding(), { events: 0 });
      backlog.offer(pending("a", 1, 3));
      assert.deepEqual(backlog.outstanding(), { events: 0 });
      backlog.offer(pending("a", 2, 3, "8"));
      assert.deepEqual(backlog.outstanding(), { events: 2, oldestAt: at });
    });

    it("tries it again when the execution has changed", () => {
      backlog.offer(pending("a", 2, 3, "8"));
      assert.equal(show(backlog.next(Infinity)), "a:2,3");
      recordAll();
      assert.deepEqual(backlog.size(), { events: 0, objects: 0, refused: 0 });
    });

    it("is empty when the execution is gone", () => {
      backlog.forget("a");
      assert.deepEqual(backlog.size(), { events: 0, objects: 0, refused: 0 });
    });
  });

  describe("where the trail may have lost what was recorded", () => {
    const lost = { acked: { ordinal: 2, at }, seq: 2, hash: "lost" };
    const again = { ordinal: 2, at: "2026-03-01T10:01:00Z", seq: 1, hash: "again" };

    function recorded(uid: string): Audited {
      return anExecution({ uid, name: uid, audit: { ...lost, recorded: committed(1, 2), pending: [] } });
    }

    it("has all that the object still has, and none of it counts as late", () => {
      backlog.offer(recorded("a"));
      assert.equal(show(backlog.next(Infinity)), "");
      backlog.offerAgain(recorded("a"));
      assert.equal(show(backlog.next(Infinity)), "a:1,2");
      assert.deepEqual(backlog.size(), { events: 2, objects: 1, refused: 0 });
      assert.deepEqual(backlog.outstanding(), { events: 0 }, "it was on record in time");
    });
    it("gives the new receipt until the object has it", () => {
      backlog.offerAgain(recorded("a"));
      for (const work of backlog.next(Infinity)) assert.ok(backlog.settle(work, again));
      backlog.offer(recorded("a"));
      assert.deepEqual(backlog.receipt("a"), again);
      backlog.offer(
        anExecution({ uid: "a", audit: { ...again, acked: again, recorded: committed(1, 2), pending: [] } }),
      );
      assert.equal(backlog.receipt("a"), undefined);
    });
    it("has no new receipt for what was still there", () => {
      backlog.offerAgain(recorded("a"));
      for (const work of backlog.next(Infinity)) assert.ok(!backlog.settle(work, { ...again, hash: "lost" }));
      assert.equal(backlog.receipt("a"), undefined);
      assert.deepEqual(backlog.size(), { events: 0, objects: 0, refused: 0 });
    });
    it("takes no answer for what was sent before that was known", () => {
      backlog.offer(pending("a", 1, 1));
      const before = backlog.next(Infinity);
      backlog.offerAgain(anExecution({ uid: "a", name: "a", audit: { pending: entries(1, 1) } }));
      for (const work of before) assert.ok(!backlog.settle(work, aReceipt(1)));
      assert.equal(show(backlog.next(Infinity)), "a:1");
    });
    it("has nothing of an object that has kept nothing that could be sent", () => {
      for (const recorded of [[], ["none"], ["null", "{}", '{"ordinal": 1}']]) {
        backlog.offerAgain(anExecution({ uid: "a", audit: { ...lost, recorded } }));
        assert.equal(backlog.size().objects, 0);
      }
    });
  });
});
