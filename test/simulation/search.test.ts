import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import {
  NO_FAULTS,
  REBOOT,
  RESTART,
  SCALE,
  SHORT_TIMEOUT,
  SMALLEST,
  STRICT,
  WITHOUT_DEADLINE,
  type Bounds,
} from "./bounds.ts";
import { Liveness } from "./liveness.ts";
import { explore, type Explored } from "./search.ts";
import { aSimulation } from "./simulation.ts";

const MOST_STATES = 3_000_000;
const TWO: Bounds = { ...SMALLEST, executions: [RESTART, RESTART], controllers: 2 };
const PATIENT = { ...RESTART, onBusy: "Wait", onCooldown: "Wait" } as const;

/** Bounds in which every state is looked at, by what they are. `make simulate` has larger ones. */
const SEARCHES: Readonly<Record<string, Bounds>> = {
  "two controllers, two executions, a crash and a late request": {
    ...TWO,
    budgets: { ...NO_FAULTS, crashes: 1, lates: 1 },
  },
  "two controllers, two executions of different workflows": { ...TWO, executions: [RESTART, SCALE] },
  "two controllers, two executions, each read apart": { ...TWO, areReadsInstant: false },
  "two controllers, two executions, each step of Tekton apart": { ...TWO, isTektonCoarse: false },
  "two controllers, two executions, answers that take their time": { ...TWO, areAnswersPrompt: false, ticks: 1 },
  "two controllers that are surprised, two executions, a deletion": {
    ...SMALLEST,
    ...{ controllers: 2, areSurprisesCounted: true },
    budgets: { ...NO_FAULTS, deletions: 1 },
  },
  "two controllers, runs that fail or are refused": {
    ...TWO,
    outcomes: ["succeeded", "failed"],
    budgets: { ...NO_FAULTS, refusals: 1 },
  },
  "two controllers, a deletion by a user, one of the run by somebody else": {
    ...SMALLEST,
    ...{ controllers: 2, ticks: 1 },
    budgets: { ...NO_FAULTS, deletions: 1, losses: 1 },
  },
  "each read and step of Tekton apart, a run that fails, a deletion by a user, one of the run by somebody else": {
    ...SMALLEST,
    ...{ areReadsInstant: false, isTektonCoarse: false, outcomes: ["failed"] },
    budgets: { ...NO_FAULTS, deletions: 1, losses: 1 },
  },
  "an execution that is removed by force with a run that fails, time, another one, a deletion of the run": {
    ...SMALLEST,
    ...{ executions: [RESTART, { ...RESTART, comesLater: true }], outcomes: ["failed"], ticks: 2 },
    budgets: { ...NO_FAULTS, removals: 1, losses: 1 },
  },
  "an execution that is cancelled, and then harder": { ...SMALLEST, budgets: { ...NO_FAULTS, cancels: 2 } },
  "an execution that is cancelled, its run deleted by somebody else, each read and step of Tekton apart": {
    ...SMALLEST,
    ...{ areReadsInstant: false, isTektonCoarse: false },
    budgets: { ...NO_FAULTS, cancels: 1, losses: 1 },
  },
  "a run that is out of time, a Tekton that doesn't look for long, a pod that is made again": {
    ...SMALLEST,
    ...{ ticks: 2, policy: SHORT_TIMEOUT },
    budgets: { ...NO_FAULTS, remakes: 1 },
  },
  "an execution that is deleted, a crash, a lagging watch": {
    ...SMALLEST,
    budgets: { ...NO_FAULTS, crashes: 1, lags: 1, deletions: 1 },
  },
  "two controllers, two executions that wait, a crash": {
    ...TWO,
    executions: [PATIENT, PATIENT],
    budgets: { ...NO_FAULTS, crashes: 1 },
  },
  "audit mode strict, two controllers, a crash, time": {
    ...{ ...SMALLEST, ...STRICT },
    ...{ controllers: 2, ticks: 1 },
    budgets: { ...NO_FAULTS, crashes: 1 },
  },
  "two controllers, a lock that is deleted after a day, a late request": {
    ...TWO,
    ...{ executions: [RESTART, { ...RESTART, comesLater: true }], ticks: 2, days: 1 },
  },
};

/** Bounds in which it is also tried whether every state can still come to its end. */
const ENDINGS: Readonly<Record<string, Bounds>> = {
  "two controllers and an execution": { ...SMALLEST, controllers: 2 },
  "two executions, a crash and a late request": {
    ...SMALLEST,
    executions: [RESTART, RESTART],
    budgets: { ...NO_FAULTS, crashes: 1, lates: 1 },
  },
  "an execution that is deleted, its run by somebody else": {
    ...SMALLEST,
    ...{ ticks: 1 },
    budgets: { ...NO_FAULTS, deletions: 1, losses: 1 },
  },
  "an execution that is cancelled, and then harder": { ...SMALLEST, budgets: { ...NO_FAULTS, cancels: 2 } },
  "audit mode strict, two executions, a crash": {
    ...{ ...SMALLEST, ...STRICT },
    executions: [RESTART, SCALE],
    budgets: { ...NO_FAULTS, crashes: 1 },
  },
  "a run that is out of time": { ...SMALLEST, ticks: 2, policy: SHORT_TIMEOUT },
  "a run that fails, another workflow with the same bundle, a person who clears": {
    ...SMALLEST,
    ...{ executions: [RESTART, REBOOT], outcomes: ["failed"] },
    budgets: { ...NO_FAULTS, wishes: 1 },
  },
  "three executions, of which two wait, without a deadline": {
    ...SMALLEST,
    ...{ executions: [PATIENT, RESTART, PATIENT], ticks: 1 },
    policy: WITHOUT_DEADLINE,
  },
};

function assertHolds(t: TestContext, { states, violation, isComplete }: Explored): void {
  t.diagnostic(`${String(states)} states`);
  const { message, schedule } = violation ?? { message: "", schedule: [] };
  assert.equal([message, ...schedule].join("\n"), "");
  assert.ok(isComplete, "there are more states than were looked at");
}

describe("at every moment the target lock keeps its promises", () => {
  for (const [name, bounds] of Object.entries(SEARCHES)) {
    it(`with ${name}`, (t) => {
      assertHolds(t, explore(aSimulation(bounds), { mostStates: MOST_STATES }));
    });
  }
});

describe("from every state all executions can end and the target becomes free", () => {
  for (const [name, bounds] of Object.entries(ENDINGS)) {
    it(`with ${name}`, (t) => {
      const simulation = aSimulation(bounds);
      const liveness = new Liveness(simulation);
      assertHolds(
        t,
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
