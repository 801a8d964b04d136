import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bodyOf, refusalsOf } from "./answer.ts";
import type { ClusterContext } from "./cluster-context.ts";
import { lockChanges } from "./lock-changes.ts";
import { aHeldLock, LOCKS, merged } from "./objects.ts";

/** The rules of TargetLock: which transitions the API server itself refuses. */
export function testLocks({ send }: ClusterContext): void {
  describe("a target lock", () => {
    for (const [sentence, { before, patch, refusals }] of Object.entries(lockChanges)) {
      const verdict = refusals.length === 0 ? "may change" : "can't change";
      it(`${verdict} so: ${sentence}`, async () => {
        const lock = aHeldLock();
        bodyOf(await send("POST", `${LOCKS}?fieldValidation=Strict`, merged(lock, { spec: before })));
        const answer = await send("PATCH", `${LOCKS}/${lock.metadata.name}`, { spec: patch });
        assert.deepEqual(refusalsOf(answer), refusals);
      });
    }
    it("is named after a hash", async () => {
      const answer = await send("POST", LOCKS, { ...aHeldLock(), metadata: { name: "payment-api" } });
      assert.deepEqual(refusalsOf(answer), [
        "<nil>: Invalid value: metadata.name must be target- and the first 32 hexadecimal digits of the SHA-256 of spec.targetResource",
      ]);
    });
    it("can't lose its record", async () => {
      const lock = aHeldLock();
      bodyOf(await send("POST", LOCKS, lock));
      const answer = await send("PATCH", `${LOCKS}/${lock.metadata.name}`, { spec: null });
      assert.deepEqual(refusalsOf(answer), ["spec: Required value"]);
    });
  });
}
