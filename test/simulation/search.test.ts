import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NO_FAULTS, SMALLEST, type Bounds } from "./bounds.ts";
import { Liveness } from "./liveness.ts";
import { explore, type Explored } from "./search.ts";
import { aSimulation } from "./simulation.ts";

const MOST_STATES = 2_000_000;

/** Bounds in which every state is looked at, by what they are. */
const SEARCHES: Readonly<Record<string, Bounds>> = {
  "two controllers, two executions, a crash and a late request": {
    ...SMALLEST,
    ...{ workflows: ["restart", "restart"], controllers: 2 },
    budgets: { ...NO_FAULTS, crashes: 1, lates: 1 },
  },
  "two controllers, two executions of different workflows": {
    ...SMALLEST,
    ...{ workflows: ["restart", "scale"], controllers: 2 },
  },
  "an execution that is deleted, a crash, a lagging watch": {
    ...SMALLEST,
    budgets: { ...NO_FAULTS, crashes: 1, lags: 1, deletions: 1 },
  },
};

/** Bounds in which it is also tried whether every state can still come to its end. */
const ENDINGS: Readonly<Record<string, Bounds>> = {
  "two controllers and an execution": { ...SMALLEST, controllers: 2 },
  "two executions, a crash and a late request": {
    ...SMALLEST,
    workflows: ["restart", "restart"],
    budgets: { ...NO_FAULTS, crashes: 1, lates: 1 },
  },
  "an execution that is deleted, its run by somebody else": {
    ...SMALLEST,
    ...{ ticks: 1 },
    budgets: { ...NO_FAULTS, deletions: 1, losses: 1 },
  },
};

function assertHolds({ violation, isComplete }: Explored): void {
  const { message, schedule } = violation ?? { message: "", schedule: [] };
  assert.equal([message, ...schedule].join("\n"), "");
  assert.ok(isComplete, "there are more states than were looked at");
}

describe("at every moment the target lock keeps its promises", () => {
  for (const [name, bounds] of Object.entries(SEARCHES)) {
    it(`with ${name}`, () => {
      assertHolds(explore(aSimulation(bounds), { mostStates: MOST_STATES }));
    });
  }
});

describe("from every state all executions can end and the target becomes free", () => {
  for (const [name, bounds] of Object.entries(ENDINGS)) {
    it(`with ${name}`, () => {
      const simulation = aSimulation(bounds);
      const liveness = new Liveness(simulation);
      assertHolds(
        explore(simulation, {
          mostStates: MOST_STATES,
          examine: (state) => {
            liveness.examine(state);
          },
        }),
      );
    });
  }
});
