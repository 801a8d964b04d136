import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { after, timeAfter } from "../../test/support/builders/moments.ts";
import type { Phase } from "../api/workflow-execution.ts";
import { conditionOf, isTerminal, phaseConditions, withConditions, type ConditionChange } from "./conditions.ts";

const stuck: ConditionChange = { type: "Stuck", status: "True", reason: "Unschedulable", message: "no room" };

describe("a condition", () => {
  const before = withConditions([], [stuck], { now: after(1), generation: 1 });
  it("that is new has the time and the generation of its writing", () => {
    assert.deepEqual(before, [{ ...stuck, lastTransitionTime: timeAfter(1), observedGeneration: 1 }]);
  });
  it("keeps its time while its status stays", () => {
    const next = withConditions(before, [{ ...stuck, message: "still no room" }], { now: after(2), generation: 2 });
    assert.deepEqual(next, [
      { ...stuck, message: "still no room", lastTransitionTime: timeAfter(1), observedGeneration: 2 },
    ]);
  });
  it("has a new time where its status changes, and stays in its place", () => {
    const more = withConditions(before, [{ ...stuck, type: "Ready" }], { now: after(1), generation: 1 });
    const next = withConditions(more, [{ ...stuck, status: "False" }], { now: after(3), generation: 1 });
    assert.deepEqual(
      next.map(({ type, lastTransitionTime }) => [type, lastTransitionTime]),
      [
        ["Stuck", timeAfter(3)],
        ["Ready", timeAfter(1)],
      ],
    );
  });
  it("of two changes takes the last", () => {
    const changes = [stuck, { ...stuck, status: "False" }] as const;
    assert.equal(withConditions([], changes, { now: after(1), generation: 1 })[0]?.status, "False");
  });
  it("is found by its type", () => {
    assert.equal(conditionOf({ phase: "Running", conditions: before }, "Stuck")?.reason, "Unschedulable");
    assert.equal(conditionOf({ phase: "Running" }, "Stuck"), undefined);
    assert.equal(conditionOf(undefined, "Stuck"), undefined);
  });
});

const TABLE: Readonly<Record<Phase, readonly string[]>> = {
  //          Finished Succeeded Ready      Reconciling Stalled
  Pending: ["False", "Unknown", "Unknown", "True", "False"],
  Running: ["False", "Unknown", "Unknown", "True", "False"],
  Completed: ["True", "True", "True", "False", "False"],
  Failed: ["True", "False", "False", "False", "True"],
  Skipped: ["True", "False", "True", "False", "False"],
};

describe("the conditions of a phase", () => {
  for (const [phase, statuses] of Object.entries(TABLE) as readonly (readonly [Phase, readonly string[]])[]) {
    it(`are those that kubectl wait and kstatus expect: ${phase}`, () => {
      const conditions = phaseConditions(phase, "Why", "because");
      assert.deepEqual(
        conditions.map(({ type }) => type),
        ["Finished", "Succeeded", "Ready", "Reconciling", "Stalled"],
      );
      assert.deepEqual(
        conditions.map(({ status }) => status),
        statuses,
      );
      assert.ok(conditions.every(({ reason, message }) => reason === "Why" && message === "because"));
    });
  }
  it("are final in these phases only", () => {
    const phases: readonly (Phase | undefined)[] = ["Pending", "Running", "Completed", "Failed", "Skipped", undefined];
    assert.deepEqual(phases.filter(isTerminal), ["Completed", "Failed", "Skipped"]);
  });
});
