import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ObjectIndex } from "./object-index.ts";

interface Item {
  readonly tags: readonly string[];
}

function tagIndex(): ObjectIndex<Item, "tag"> {
  return new ObjectIndex({ tag: (item: Item) => item.tags });
}

describe("ObjectIndex", () => {
  it("finds an object under each of its keys", () => {
    const index = tagIndex();
    index.update("a", undefined, { tags: ["x", "y"] });
    assert.deepEqual([[...index.lookup("tag", "x")], [...index.lookup("tag", "y")]], [["a"], ["a"]]);
  });

  it("finds every object that shares a key", () => {
    const index = tagIndex();
    index.update("a", undefined, { tags: ["x"] });
    index.update("b", undefined, { tags: ["x"] });
    assert.deepEqual([...index.lookup("tag", "x")].sort(), ["a", "b"]);
  });

  it("keeps the keys that a change left alone, drops and adds the others", () => {
    const index = tagIndex();
    const before = { tags: ["x", "y"] };
    index.update("a", undefined, before);
    index.update("a", before, { tags: ["y", "z"] });
    assert.deepEqual([[...index.lookup("tag", "x")], [...index.lookup("tag", "y")]], [[], ["a"]]);
    assert.deepEqual([...index.lookup("tag", "z")], ["a"]);
  });

  it("forgets a removed object", () => {
    const index = tagIndex();
    const before = { tags: ["x"] };
    index.update("a", undefined, before);
    index.update("a", before, undefined);
    assert.deepEqual([...index.lookup("tag", "x")], []);
  });

  it("takes keys like constructor and __proto__ as plain text", () => {
    const index = tagIndex();
    index.update("a", undefined, { tags: ["__proto__"] });
    assert.deepEqual([...index.lookup("tag", "constructor")], []);
    assert.deepEqual([...index.lookup("tag", "__proto__")], ["a"]);
  });
});
