/** The worlds of `make simulate`: those that are looked at completely, and those in which random schedules are played. */
import { NO_FAULTS, REBOOT, RESTART, SCALE, SMALLEST, type Bounds } from "./bounds.ts";

const TWO_AND_ONE: Bounds = { ...SMALLEST, controllers: 2 };
const TWO_AND_TWO: Bounds = { ...SMALLEST, executions: [RESTART, RESTART], controllers: 2 };
const MINUTE_MS = 60_000;
const PATIENT = { ...RESTART, onBusy: "Wait", onCooldown: "Wait" } as const;

/**
 * Two controllers and two executions with a crash, a late request, a deletion by a user and one of the run by somebody
 * else are several hundred million states. So each of the first four searches leaves out one of them; with one execution
 * there are all. What these simplify is lifted one by one: time goes by, and reads, steps of Tekton and answers take
 * their time.
 */
export const COMPLETE: Readonly<Record<string, Bounds>> = {
  "2 controllers, 2 executions; crash, late request, external deletion (no user deletion)": {
    ...TWO_AND_TWO,
    budgets: { ...NO_FAULTS, crashes: 1, lates: 1, losses: 1 },
  },
  "2 controllers, 2 executions; crash, late request, user deletion (no external deletion)": {
    ...TWO_AND_TWO,
    budgets: { ...NO_FAULTS, crashes: 1, lates: 1, deletions: 1 },
  },
  "2 controllers, 2 executions; crash, user deletion, external deletion (no late request)": {
    ...TWO_AND_TWO,
    budgets: { ...NO_FAULTS, crashes: 1, deletions: 1, losses: 1 },
  },
  "2 controllers, 2 executions; late request, user deletion, external deletion (no crash)": {
    ...TWO_AND_TWO,
    budgets: { ...NO_FAULTS, lates: 1, deletions: 1, losses: 1 },
  },
  "2 controllers, 1 execution; crash, late request, user deletion, external deletion": {
    ...TWO_AND_ONE,
    budgets: { ...NO_FAULTS, crashes: 1, lates: 1, deletions: 1, losses: 1 },
  },
  "2 controllers, 1 execution; crash, user deletion, external deletion, time": {
    ...TWO_AND_ONE,
    ticks: 1,
    budgets: { ...NO_FAULTS, crashes: 1, deletions: 1, losses: 1 },
  },
  "2 controllers, 2 executions; crash, late request, each read apart": {
    ...TWO_AND_TWO,
    areReadsInstant: false,
    budgets: { ...NO_FAULTS, crashes: 1, lates: 1 },
  },
  "2 controllers, 2 executions; crash, late request, each step of Tekton apart, runs that fail": {
    ...TWO_AND_TWO,
    ...{ isTektonCoarse: false, outcomes: ["succeeded", "failed"] },
    budgets: { ...NO_FAULTS, crashes: 1, lates: 1 },
  },
  "2 controllers, 2 executions; crash, late request, answers that take their time": {
    ...TWO_AND_TWO,
    ...{ areAnswersPrompt: false, ticks: 2 },
    budgets: { ...NO_FAULTS, crashes: 1, lates: 1 },
  },
  "2 controllers, 2 executions with the same bundle; runs that fail, clearing, crash": {
    ...TWO_AND_TWO,
    ...{ executions: [RESTART, REBOOT], outcomes: ["failed"] },
    budgets: { ...NO_FAULTS, wishes: 1, crashes: 1 },
  },
  "2 controllers, 2 executions that wait; refused creation, crash, time": {
    ...TWO_AND_TWO,
    ...{ executions: [PATIENT, PATIENT], ticks: 2 },
    budgets: { ...NO_FAULTS, refusals: 1, crashes: 1 },
  },
  "2 controllers, 2 executions; finalizers removed by force, crash, late request": {
    ...TWO_AND_TWO,
    budgets: { ...NO_FAULTS, removals: 1, crashes: 1, lates: 1 },
  },
  "2 controllers, an idle lock that is deleted; crash, late request": {
    ...TWO_AND_TWO,
    ...{ executions: [RESTART, { ...RESTART, comesLater: true }], ticks: 2, days: 1 },
    budgets: { ...NO_FAULTS, crashes: 1, lates: 1 },
  },
};

const RANDOM: Bounds = {
  ...SMALLEST,
  ...{ executions: [RESTART, RESTART, SCALE], controllers: 3, ticks: 4 },
  ...{ areReadsInstant: false, isTektonCoarse: false, areAnswersPrompt: false, areSurprisesCounted: true },
  ...{ outcomes: ["succeeded", "failed"], refusals: ["rejected", "forbidden", "quota", "unknown"] },
  ...{ addsFinalizer: true, commits: true },
  budgets: { crashes: 2, lates: 2, lags: 3, deletions: 1, removals: 0, losses: 1, refusals: 1, wishes: 1 },
};

/** A world of random schedules, and how many steps are taken in it. */
export interface Played {
  readonly bounds: Bounds;
  readonly steps: number;
}

export const PLAYED: Readonly<Record<string, Played>> = {
  "everything at once": { bounds: RANDOM, steps: 7_000_000 },
  "executions that are removed by force": {
    bounds: {
      ...RANDOM,
      ...{ executions: [RESTART, PATIENT, SCALE], controllers: 2 },
      // Without deletions of runs: after both nobody can know how long something may still be made for the run.
      budgets: { ...NO_FAULTS, crashes: 1, lates: 1, lags: 1, removals: 2 },
    },
    steps: 2_000_000,
  },
  "runs that fail, and people who clear": {
    bounds: {
      ...RANDOM,
      executions: [RESTART, { ...RESTART, comesLater: true }, { ...REBOOT, comesLater: true }, SCALE],
      ...{ controllers: 2, outcomes: ["failed"], isTektonCoarse: true },
      budgets: { ...NO_FAULTS, crashes: 1, lates: 1, refusals: 3, wishes: 3 },
    },
    steps: 4_000_000,
  },
  "executions that wait for each other": {
    bounds: {
      ...RANDOM,
      executions: [PATIENT, PATIENT, { ...SCALE, onBusy: "Wait" }, { ...RESTART, comesLater: true }],
      ...{ controllers: 2, isTektonCoarse: true, ticks: 8 },
      budgets: { ...NO_FAULTS, crashes: 1, lates: 1, lags: 2, deletions: 1, refusals: 1 },
    },
    steps: 4_000_000,
  },
  "locks that are deleted after a day": {
    bounds: {
      ...RANDOM,
      executions: [RESTART, { ...RESTART, comesLater: true }, { ...SCALE, comesLater: true }],
      ...{ controllers: 2, isTektonCoarse: true, areReadsInstant: true, ticks: 4, days: 3 },
      budgets: { ...NO_FAULTS, crashes: 1, lates: 2, lags: 1, deletions: 1 },
      policy: { ...SMALLEST.policy, defaultMaxDelayMs: 15 * MINUTE_MS },
    },
    steps: 3_100_000,
  },
};
