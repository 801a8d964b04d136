import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { renderTable } from "./render-table.ts";

const titles = ["NAME", "WHY"];

describe("renderTable", () => {
  it("aligns columns by characters and leaves no spaces at the end", () => {
    const rows = [
      ["a", "é"],
      ["long-name", ""],
    ];
    assert.deepEqual(renderTable(titles, rows, Infinity), ["NAME       WHY", "a          é", "long-name"]);
  });
  it("cuts the widest column first until all fit, and says so", () => {
    const lines = renderTable(titles, [["short", "0123456789".repeat(10)]], 30);
    assert.deepEqual(lines, ["NAME   WHY", `short  ${"0123456789".repeat(3).slice(0, 22)}…`]);
    assert.equal(lines[1]?.length, 30);
  });
  it("leaves every column readable where nothing can fit", () => {
    assert.deepEqual(renderTable(["A", "B"], [["0123456789", "0123456789"]], 3)[1], "0123456…  0123456…");
  });
  it("shows what moves a cursor or changes colours as spaces", () => {
    assert.deepEqual(renderTable(["A"], [["one\n\u001b[31mtwo\u202e"]], Infinity), ["A", "one [31mtwo"]);
  });
});
