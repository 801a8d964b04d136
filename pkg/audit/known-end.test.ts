import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anAuditedExecution } from "../../test/support/audited-execution.ts";
import { auditedExecution } from "./audited-execution.ts";
import { KnownEnd } from "./known-end.ts";

const NOON = Date.parse("2026-03-01T12:00:00Z");

/** An execution that says since that second after noon that it is that row. */
function told(seq: number, second: number) {
  const at = new Date(NOON + second * 1000).toISOString();
  return auditedExecution(anAuditedExecution({ audit: { acked: { ordinal: 1, at }, seq, hash: `h${String(seq)}` } }));
}

/** A trail with so many rows. */
function ofLength(rows: number): (seq: number) => Promise<string | undefined> {
  return (seq) => Promise.resolve(seq <= rows ? `h${String(seq)}` : undefined);
}

describe("the known end of the trail", () => {
  it("is in doubt at first, until the newest row that any object has was found", async () => {
    const end = new KnownEnd();
    assert.ok(!end.isDoubtful(), "nothing is known, so nothing can be missing");
    for (const seq of [3, 7, 5]) end.told(told(seq, 0));
    assert.ok(end.isDoubtful());
    assert.equal(await end.lostRow(ofLength(7)), undefined);
    assert.ok(!end.isDoubtful());
  });
  it("is lost where the trail doesn't reach it, or has another row there", async () => {
    const end = new KnownEnd();
    end.told(told(7, 0));
    assert.deepEqual(await end.lostRow(ofLength(6)), { seq: 7, hash: "h7" });
    end.doubt();
    assert.deepEqual(await end.lostRow(() => Promise.resolve("other")), { seq: 7, hash: "h7" });
  });
  it("is what was recorded last, or what somebody else remembers, whatever is further", async () => {
    const end = new KnownEnd();
    end.reached([
      { kind: "recorded", seq: 8, hash: "h8" },
      { kind: "refused", reason: "" },
    ]);
    assert.ok(!end.isDoubtful(), "before that nothing was known, so nothing is missing");
    end.doubt({ seq: 6, hash: "h6" });
    assert.deepEqual(await end.lostRow(ofLength(7)), { seq: 8, hash: "h8" });
    end.doubt({ seq: 9, hash: "h9" });
    assert.deepEqual(await end.lostRow(ofLength(8)), { seq: 9, hash: "h9" });
  });
  it("stays in doubt where it can't be asked, and where a newer row became known meanwhile", async () => {
    const end = new KnownEnd();
    end.told(told(7, 0));
    await assert.rejects(
      end.lostRow(() => Promise.reject(new Error("server is gone"))),
      /gone/,
    );
    assert.ok(end.isDoubtful());
    const asked = end.lostRow((seq) => {
      end.told(told(9, 0));
      return ofLength(9)(seq);
    });
    assert.equal(await asked, undefined);
    assert.ok(end.isDoubtful());
  });
  it("forgets receipts from before a loss that is known, and takes in those from after it", async () => {
    const end = new KnownEnd();
    end.told(told(9, 0));
    end.forgetUntil(NOON + 5_000);
    end.told(told(8, 4));
    assert.ok(!end.isDoubtful());
    end.told(told(3, 6));
    end.doubt();
    assert.deepEqual(await end.lostRow(ofLength(2)), { seq: 3, hash: "h3" });
  });
});
