import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { faultTable, isRight, type Field } from "./fault-table.ts";
import type { Outcome } from "./run-case.ts";

const LEAST_RIGHT = 0.95;
const MINUTE_MS = 60_000;

/** What is asked of all cases together. Prints the table: one row a case. */
export function rateSuite(outcomes: readonly Outcome[]): void {
  const began = performance.now();
  describe("of all cases", () => {
    it("at least 95 % have the right category, and at least 95 % the right task, step and advice", () => {
      const minutes = ((performance.now() - began) / MINUTE_MS).toFixed(1);
      console.log(
        `\n${faultTable(outcomes)}\n\n${String(outcomes.length)} cases, ${minutes} minutes with all repetitions`,
      );
      assertMostly("category", outcomes, ["reason"]);
      assertMostly("task, step and advice", outcomes, ["task", "taskIndex", "step", "retryable"]);
    });
    it("none is Unknown", () => {
      const unknown = outcomes.filter(({ status }) => status?.reason === "Unknown");
      assert.deepEqual(
        unknown.map(({ fault }) => fault.name),
        [],
      );
    });
  });
}

function assertMostly(what: string, outcomes: readonly Outcome[], fields: readonly Field[]): void {
  const right = outcomes.filter((outcome) => isRight(outcome, fields)).length;
  const rate = `${what} right in ${String(right)} of ${String(outcomes.length)}`;
  console.log(rate);
  assert.ok(outcomes.length > 0 && right >= LEAST_RIGHT * outcomes.length, rate);
}
