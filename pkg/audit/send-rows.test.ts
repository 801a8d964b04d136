import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anAuditedExecution, entries } from "../../test/support/audited-execution.ts";
import { auditedExecution } from "./audited-execution.ts";
import type { EventRow } from "./event-content.ts";
import { buildEventRow } from "./event-row.ts";
import { receiptOf } from "./receipt-of.ts";
import { sendRows } from "./send-rows.ts";
import type { Append } from "./send-rows.ts";

const execution = auditedExecution(anAuditedExecution());
const rows = entries(1, 3).map((entry) => buildEventRow(execution, entry, { clusterId: "" }));
const at = "2026-03-01T10:00:00Z";

function databaseError(code: string): Error {
  return Object.assign(new Error(`error ${code}`), { code });
}

/** A database that throws `error` for every transaction that has one of the ordinals. */
function refusing(error: Error, ...ordinals: readonly number[]): { append: Append; sent: string[] } {
  const sent: string[] = [];
  function append(batch: readonly EventRow[]): ReturnType<Append> {
    sent.push(batch.map((row) => row.ordinal).join(","));
    if (batch.some((row) => ordinals.includes(row.ordinal))) return Promise.reject(error);
    return Promise.resolve(
      new Map(batch.map((row) => [row.event_id, { kind: "recorded", seq: row.ordinal, hash: "h" }])),
    );
  }
  return { append, sent };
}

describe("sending rows", () => {
  it("takes one transaction", async () => {
    const { append, sent } = refusing(databaseError("22007"));
    const outcomes = await sendRows(append, rows);
    assert.deepEqual(sent, ["1,2,3"]);
    assert.deepEqual(receiptOf(rows, outcomes, at), { ordinal: 3, at, seq: 3, hash: "h" });
  });

  for (const code of ["22P05", "23502", "54000"]) {
    it(`records the others where PostgreSQL refuses the value of one (${code})`, async () => {
      const { append, sent } = refusing(databaseError(code), 2);
      const outcomes = await sendRows(append, rows);
      assert.deepEqual(sent, ["1,2,3", "1", "2", "3"]);
      assert.deepEqual(
        rows.map((row) => outcomes.get(row.event_id)?.kind),
        ["recorded", "refused", "recorded"],
      );
      assert.equal(receiptOf(rows, outcomes, at)?.ordinal, 1, "a receipt ends before a refused event");
    });
  }

  for (const code of ["ECONNREFUSED", "EPIPE", "57P01", "53300", "42P01", "25006"]) {
    it(`gives up at once where it may work later (${code})`, async () => {
      const { append, sent } = refusing(databaseError(code), 2);
      await assert.rejects(sendRows(append, rows), { code });
      assert.deepEqual(sent, ["1,2,3"]);
    });
  }
});
