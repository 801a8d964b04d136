import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { keepNewest } from "./keep-newest.ts";

describe("a map that keeps the newest", () => {
  it("loses the oldest, and says which", () => {
    const map = new Map([
      ["a", 1],
      ["b", 2],
      ["c", 3],
    ]);
    assert.deepEqual(keepNewest(map, "d", 4, 2), ["a", "b"]);
    assert.deepEqual(
      [...map],
      [
        ["c", 3],
        ["d", 4],
      ],
    );
  });
  it("takes what is told again for new", () => {
    const map = new Map([
      ["a", 1],
      ["b", 2],
    ]);
    assert.deepEqual(keepNewest(map, "a", 3, 2), []);
    assert.deepEqual([...map.keys()], ["b", "a"]);
  });
});
