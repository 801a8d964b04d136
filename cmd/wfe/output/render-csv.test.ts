import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { renderCsv } from "./render-csv.ts";

const cells: readonly (readonly [string, string | null, string])[] = [
  ["a plain text as it is", "a b", "a b"],
  ["nothing where there is nothing", null, ""],
  ["a comma in quotes", "a,b", '"a,b"'],
  ["quotes doubled", 'say "x"', '"say ""x"""'],
  ["a line break in quotes", "a\nb", '"a\nb"'],
  ["a carriage return in quotes", "a\rb", '"a\rb"'],
  ["what a spreadsheet would calculate unchanged", "=1+1", "=1+1"],
];

describe("renderCsv", () => {
  for (const [sentence, cell, written] of cells) {
    it(`writes ${sentence}`, () => {
      assert.equal(renderCsv(["x", "y"], [[cell, "z"]]), `x,y\r\n${written},z\r\n`);
    });
  }
  it("writes the header alone where there are no rows", () => {
    assert.equal(renderCsv(["x", "y"], []), "x,y\r\n");
  });
});
