import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Finding } from "../../../pkg/audit/completeness/finding.ts";
import { renderCompleteness } from "./render-completeness.ts";
import type { CompletenessReport } from "./render-completeness.ts";

const finding: Finding = { kind: "gone", subject: "a/b (uid 1)", detail: "it isn't\nthere" };

function lines(
  parts: Partial<CompletenessReport>,
  check: Partial<CompletenessReport["check"]> = {},
): readonly string[] {
  return renderCompleteness({
    findings: [],
    unread: 0,
    cluster: { runs: [], objects: [] },
    now: Date.parse("2026-03-01T10:01:00Z"),
    ...parts,
    check: {
      size: { events: 7, objects: 2 },
      clusters: new Set(["eu"]),
      pending: { events: 0, objects: 0, oldestAt: undefined },
      ...check,
    },
  });
}

const pass = "PASS; compared 7 events of 2 objects with 0 objects and 0 runs in the cluster";

describe("renderCompleteness", () => {
  it("says PASS and what was compared", () => {
    assert.deepEqual(lines({}), [pass]);
  });
  it("says what waits, and for how long, without a FAIL", () => {
    const pending = { events: 3, objects: 1, oldestAt: "2026-03-01T10:00:15Z" };
    assert.deepEqual(lines({}, { pending }), [pass, "waiting to be recorded: 3, in 1 objects, the oldest for 45s"]);
  });
  it("says FAIL and each finding in one line", () => {
    const [verdict = "", ...found] = lines({ findings: [finding] });
    assert.match(verdict, /^FAIL: 1 findings; compared /);
    assert.deepEqual(found, ["a/b (uid 1): gone: it isn't there"]);
  });
  it("ends, however much is wrong, and says how much more there is", () => {
    const shown = lines({ findings: Array.from({ length: 205 }, () => finding), unread: 9 });
    assert.equal(shown.length, 203);
    assert.deepEqual(shown.slice(-2), [
      "and 5 more findings",
      "and 9 more objects that seem to be wrong and were not read again",
    ]);
  });
  it("says that the trail is shared by several clusters", () => {
    assert.match(
      lines({}, { clusters: new Set(["eu", "us"]) })[1] ?? "",
      /\("eu", "us"\): say which with --cluster-id$/,
    );
  });
});
