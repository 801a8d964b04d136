import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anEntry } from "../../test/support/audited-execution.ts";
import type { AuditEntry } from "../api/workflow-execution.ts";
import { Outstanding } from "./outstanding.ts";

function at(second: number): string {
  return `2026-03-01T10:00:${String(second).padStart(2, "0")}Z`;
}

/** Events that happened in these seconds. */
function events(...seconds: readonly number[]): readonly AuditEntry[] {
  return seconds.map((second, index) => anEntry(index + 1, "requested", { at: at(second) }));
}

type Note = readonly [uid: string, ...seconds: readonly number[]];

describe("the outstanding events", () => {
  const cases: readonly (readonly [string, readonly Note[], number, number?])[] = [
    ["are none at first", [], 0],
    [
      "are those of all objects",
      [
        ["a", 3, 4],
        ["b", 5],
      ],
      3,
      3,
    ],
    [
      "are counted once, however often an object is told of",
      [
        ["a", 3],
        ["a", 3, 4],
      ],
      2,
      3,
    ],
    [
      "are as old as the oldest, whose ever it is",
      [
        ["a", 3],
        ["b", 2],
      ],
      2,
      2,
    ],
    [
      "are as old as the next one when the oldest is recorded",
      [
        ["a", 2, 9],
        ["b", 5],
        ["a", 9],
      ],
      2,
      5,
    ],
    ["are as old as the next one when the oldest object is gone", [["a", 2], ["b", 5], ["c", 4], ["a"]], 2, 4],
    ["are none when the last one is recorded", [["a", 2], ["a"], ["b"]], 0],
  ];
  for (const [sentence, notes, count, oldest] of cases) {
    const expected = { events: count, ...(oldest === undefined ? {} : { oldestAt: at(oldest) }) };
    it(sentence, () => {
      const outstanding = new Outstanding();
      for (const [uid, ...seconds] of notes) outstanding.note(uid, events(...seconds));
      assert.deepEqual(outstanding.size(), expected);
    });
    it(`${sentence}, also where somebody asks each time`, () => {
      const outstanding = new Outstanding();
      for (const [uid, ...seconds] of notes) {
        outstanding.note(uid, events(...seconds));
        outstanding.size();
      }
      assert.deepEqual(outstanding.size(), expected);
    });
  }

  it("are compared by their time, however it is written", () => {
    const outstanding = new Outstanding();
    outstanding.note("a", events(3));
    outstanding.note("b", [anEntry(1, "requested", { at: "2026-03-01T10:00:02.5Z" })]);
    assert.equal(outstanding.size().oldestAt, "2026-03-01T10:00:02.5Z");
  });
});
