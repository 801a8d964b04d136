import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { executionKey, lockKey, parseKey } from "./keys.ts";

describe("a key of the work queue", () => {
  it("means the execution that it was made of", () => {
    const key = executionKey({ namespace: "team-a", name: "restart.x" });
    assert.equal(key, "execution/team-a/restart.x");
    assert.deepEqual(parseKey(key), { kind: "execution", namespace: "team-a", name: "restart.x" });
  });
  it("means the lock that it was made of", () => {
    assert.deepEqual(parseKey(lockKey("target-1")), { kind: "lock", name: "target-1" });
  });
  it("isn't a lock's where a namespace is called lock", () => {
    assert.equal(parseKey(executionKey({ namespace: "lock", name: "x" })).kind, "execution");
  });
});
