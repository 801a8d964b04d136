import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { labelValue } from "./label-value.ts";

const VALID = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

describe("a label's value", () => {
  for (const text of ["restart-deployment", "a.b_c-D", "x".repeat(63)]) {
    it(`is the text itself where that is valid: ${text}`, () => {
      assert.equal(labelValue(text), text);
    });
  }
  it("is readable, with a hash, where the text had to be changed", () => {
    assert.match(labelValue("team/restart deployment"), /^team_restart_deployment-[0-9a-f]{8}$/);
    assert.match(labelValue("-lead"), /^lead-[0-9a-f]{8}$/);
    assert.match(labelValue("y".repeat(64)), /^y{54}-[0-9a-f]{8}$/);
    assert.match(labelValue("ä"), /^[0-9a-f]{8}$/);
  });
  it("is another one for another text", () => {
    assert.notEqual(labelValue("a/b"), labelValue("a b"));
    assert.notEqual(labelValue(`${"y".repeat(64)}1`), labelValue(`${"y".repeat(64)}2`));
  });
  it("is always valid", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 100 }), (text) => {
        assert.match(labelValue(text), VALID);
      }),
    );
  });
});
