import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NO_FAULTS, SMALLEST, type Bounds, type Product } from "./bounds.ts";
import * as ingredients from "./ingredients.ts";
import { explore } from "./search.ts";
import { aSimulation } from "./simulation.ts";

const MOST_STATES = 500_000;
const TWO_AND_A_DELETION: Bounds = { ...SMALLEST, controllers: 2, budgets: { ...NO_FAULTS, deletions: 1 } };

interface Case {
  readonly product: Product;
  readonly bounds: Bounds;
  /** The promise that is broken without the ingredient. */
  readonly broken: string;
}

const CASES: Readonly<Record<string, Case>> = {
  "runs that are born Pending": {
    product: ingredients.WITHOUT_BORN_PENDING,
    bounds: { ...SMALLEST, budgets: { ...NO_FAULTS, deletions: 1, lates: 1 }, invariants: ["I1", "I3"] },
    broken: "I3",
  },
  "binding before the start": {
    product: ingredients.WITHOUT_BIND_BEFORE_START,
    bounds: { ...TWO_AND_A_DELETION, invariants: ["I1", "I3"] },
    broken: "I3",
  },
  "waiting until the children are gone": {
    product: ingredients.WITHOUT_WAITING_FOR_CHILDREN,
    bounds: SMALLEST,
    broken: "I3",
  },
  "preconditions of deletions": {
    product: ingredients.WITHOUT_DELETE_PRECONDITIONS,
    bounds: TWO_AND_A_DELETION,
    broken: "I6",
  },
  "tests in the start": { product: ingredients.WITHOUT_TESTS_ON_START, bounds: TWO_AND_A_DELETION, broken: "I2" },
  "the cooldown in the lock's record": {
    product: ingredients.WITHOUT_COOLDOWN_IN_THE_RECORD,
    bounds: { ...SMALLEST, workflows: ["restart", "restart"] },
    broken: "I4",
  },
  "fresh reads": {
    product: ingredients.WITHOUT_FRESH_READS,
    bounds: { ...SMALLEST, budgets: { ...NO_FAULTS, lags: 1 } },
    broken: "I3",
  },
};

describe("the checker finds a counterexample without", () => {
  for (const [name, { product, bounds, broken }] of Object.entries(CASES)) {
    it(name, () => {
      const { violation } = explore(aSimulation(bounds, product), { mostStates: MOST_STATES });
      assert.equal(violation?.invariant, broken, violation?.message);
    });
  }
});
