import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NO_FAULTS, RESTART, SCALE, SMALLEST, STRICT, WITHOUT_DEADLINE, type Bounds, type Product } from "./bounds.ts";
import * as ingredients from "./ingredients.ts";
import type { State } from "./layout.ts";
import { Liveness } from "./liveness.ts";
import type { Invariant } from "./move.ts";
import { explore } from "./search.ts";
import { aSimulation } from "./simulation.ts";

const MOST_STATES = 500_000;
const TWO_AND_A_DELETION: Bounds = { ...SMALLEST, controllers: 2, budgets: { ...NO_FAULTS, deletions: 1 } };
const TWO_EXECUTIONS: Bounds = { ...SMALLEST, executions: [RESTART, RESTART] };
const PATIENT = { ...RESTART, onBusy: "Wait", onCooldown: "Wait" } as const;
const TWO_WAITERS: Bounds = {
  ...SMALLEST,
  executions: [{ ...RESTART, onCooldown: "Wait" }, PATIENT, RESTART],
  policy: WITHOUT_DEADLINE,
};

interface Case {
  readonly product: Product;
  readonly bounds: Bounds;
  /** The promise that is broken without the ingredient. */
  readonly broken: Invariant;
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
  "preconditions of a run's deletion": {
    product: ingredients.WITHOUT_DELETE_PRECONDITIONS,
    bounds: TWO_AND_A_DELETION,
    broken: "I6",
  },
  "preconditions of the lock's deletion": {
    product: ingredients.WITHOUT_DELETE_PRECONDITIONS,
    bounds: {
      ...TWO_EXECUTIONS,
      executions: [RESTART, { ...RESTART, comesLater: true }],
      controllers: 2,
      ticks: 2,
      days: 1,
    },
    broken: "history",
  },
  "tests in the start": { product: ingredients.WITHOUT_TESTS_ON_START, bounds: TWO_AND_A_DELETION, broken: "I2" },
  "the cooldown in the lock's record": {
    product: ingredients.WITHOUT_COOLDOWN_IN_THE_RECORD,
    bounds: TWO_EXECUTIONS,
    broken: "I4",
  },
  "the backoff in the lock's record": {
    product: ingredients.WITHOUT_BACKOFF_IN_THE_RECORD,
    bounds: { ...TWO_EXECUTIONS, budgets: { ...NO_FAULTS, refusals: 1 } },
    broken: "backoff",
  },
  "the block in the lock's record": {
    product: ingredients.WITHOUT_BLOCK_IN_THE_RECORD,
    bounds: { ...TWO_EXECUTIONS, outcomes: ["failed"] },
    broken: "block",
  },
  "the clearing in the lock's outbox": {
    product: ingredients.WITHOUT_CLEARING_IN_THE_OUTBOX,
    bounds: { ...SMALLEST, outcomes: ["failed"], budgets: { ...NO_FAULTS, wishes: 1 } },
    broken: "history",
  },
  "fresh reads": {
    product: ingredients.WITHOUT_FRESH_READS,
    bounds: { ...SMALLEST, budgets: { ...NO_FAULTS, lags: 1 } },
    broken: "I3",
  },
  "reads that are fresh for one decision only": {
    product: ingredients.WITHOUT_FORGETTING,
    bounds: { ...TWO_EXECUTIONS, executions: [RESTART, { workflow: "scale" }], controllers: 2 },
    broken: "I7",
  },
  "the proof that a run was never started": {
    product: ingredients.WITHOUT_PROOF_OF_NO_START,
    bounds: { ...TWO_AND_A_DELETION, isTektonCoarse: false, budgets: { ...NO_FAULTS, deletions: 1, losses: 1 } },
    broken: "I3",
  },
  "the names of TaskRuns that are gone, and another look at a run that has none": {
    product: ingredients.WITHOUT_CHILD_REFERENCES,
    bounds: { ...SMALLEST, areReadsInstant: false, budgets: { ...NO_FAULTS, deletions: 1, losses: 1 } },
    broken: "I6",
  },
  "the settle time of a lock whose holder and run are gone": {
    product: ingredients.WITHOUT_SETTLE_TIME_OF_THE_LOCK,
    bounds: {
      ...TWO_EXECUTIONS,
      executions: [RESTART, SCALE],
      budgets: { ...NO_FAULTS, removals: 1, losses: 1 },
    },
    broken: "release",
  },
  "what the run tells of an execution that was removed by force": {
    product: ingredients.WITHOUT_THE_WORD_OF_THE_RUN,
    bounds: {
      ...TWO_EXECUTIONS,
      ...{ executions: [RESTART, { ...RESTART, comesLater: true }], outcomes: ["failed"], ticks: 2 },
      budgets: { ...NO_FAULTS, removals: 1 },
    },
    broken: "block",
  },
  "changes of the lock that wake who waits": {
    product: ingredients.WITHOUT_WAKING_BY_THE_LOCK,
    bounds: TWO_WAITERS,
    broken: "liveness",
  },
  "the receipt for the intent to start a run, in mode strict": {
    product: ingredients.WITHOUT_THE_COMMITTED_INTENT,
    bounds: { ...SMALLEST, ...STRICT },
    broken: "audit",
  },
  "the order of those who wait": {
    product: ingredients.WITHOUT_OTHER_WAITERS,
    bounds: { ...TWO_WAITERS, ticks: 2 },
    broken: "order",
  },
};

describe("the checker finds a counterexample without", () => {
  for (const [name, { product, bounds, broken }] of Object.entries(CASES)) {
    it(name, () => {
      const simulation = aSimulation(bounds, product);
      const liveness = broken === "liveness" ? new Liveness(simulation) : undefined;
      const examine =
        liveness &&
        ((state: State) => {
          liveness.examine(state);
        });
      const { violation } = explore(simulation, { mostStates: MOST_STATES, ...(examine && { examine }) });
      assert.equal(violation?.invariant, broken, violation?.message);
    });
  }
});
