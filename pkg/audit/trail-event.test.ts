import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { buildTrailRow, forkEvent } from "./trail-event.ts";

const lost = { seq: 1204, hash: "ab" };
const context = { clusterId: "east", recorder: "pod-1" };

describe("an event about the trail", () => {
  it("is an object of its own, with the context of whoever records it", () => {
    const row = buildTrailRow(forkEvent(lost, Date.parse("2026-03-01T10:00:00Z")), context);
    assert.equal(row.wfe_uid, row.event_id);
    assert.deepEqual(
      [row.event_type, row.ordinal, row.namespace, row.wfe_name, row.cluster_id, row.recorder],
      ["chain.fork", 1, "", "audit", "east", "pod-1"],
    );
    assert.deepEqual(
      [row.outcome, row.reason, row.facts],
      ["failure", "RowsLost", { lostSeq: "1204", lostHash: "ab" }],
    );
    assert.equal(row.occurred_at, "2026-03-01T10:00:00.000Z");
  });
  it("is the same event for everybody who notices the same loss, at whatever time", () => {
    const [one, other] = [1, 2].map((now) => buildTrailRow(forkEvent(lost, now * 60_000), context).event_id);
    assert.equal(one, other);
    assert.notEqual(buildTrailRow(forkEvent({ ...lost, seq: 1203 }, 0), context).event_id, one);
  });
});
