import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aKindCatalog } from "../../test/support/builders/a-kind-catalog.ts";
import { createKnownKinds } from "./known-kinds.ts";

const TEN_MINUTES = 600_000;

describe("what is known of the kinds", () => {
  it("is doubtful and proves nothing before it was ever read", () => {
    assert.deepEqual(createKnownKinds().seen(0), { value: { kinds: [], complete: false }, freshness: "doubtful" });
  });
  it("is good for ten minutes", () => {
    const kinds = createKnownKinds();
    kinds.learn(aKindCatalog(), 1000);
    assert.deepEqual(kinds.seen(1000 + TEN_MINUTES - 1), { value: aKindCatalog(), freshness: "cached" });
    assert.deepEqual(kinds.seen(1000 + TEN_MINUTES), { value: aKindCatalog(), freshness: "doubtful" });
  });
  it("is what was read last", () => {
    const kinds = createKnownKinds();
    kinds.learn(aKindCatalog(), 0);
    kinds.learn(aKindCatalog([], false), TEN_MINUTES);
    assert.equal(kinds.seen(TEN_MINUTES).value.complete, false);
  });
});
