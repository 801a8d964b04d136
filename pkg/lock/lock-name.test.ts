import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { lockName, lockNameOfHash, targetHash } from "./lock-name.ts";

describe("a lock's name", () => {
  it("is never another one for the same target, or the locks of running controllers would be lost", () => {
    assert.equal(lockName("payment/deployments.apps/checkout"), "target-2bc95167013123c5e61fd4aebf44f3e9");
  });
  it("gives its hash for a label, and is found again by it", () => {
    const name = lockName("nodes/worker-1");
    assert.match(targetHash(name), /^[0-9a-f]{32}$/);
    assert.equal(lockNameOfHash(targetHash(name)), name);
  });
});
