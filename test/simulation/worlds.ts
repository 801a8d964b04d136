/** The worlds of `make simulate`: those that are looked at completely, and those in which random schedules are played. */
import { NO_FAULTS, REBOOT, RESTART, SCALE, SMALLEST, STRICT, type Bounds } from "./bounds.ts";

const MINUTE_MS = 60_000;

const TWO_AND_ONE: Bounds = { ...SMALLEST, controllers: 2 };
const TWO_AND_TWO: Bounds = { ...SMALLEST, executions: [RESTART, RESTART], controllers: 2 };
const PATIENT = { ...RESTART, onBusy: "Wait", onCooldown: "Wait" } as const;

/**
 * Two controllers and two executions with a crash, a late request, a deletion by a user and one of the run by somebody
 * else would be several hundred million states: that is an estimate, nobody has counted them. So each of the first four
 * searches leaves out one of them, or a controller; with one execution there are all. What these simplify is lifted one
 * by one: time goes by, and reads, steps of Tekton and answers take their time.
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
  "1 controller, 2 executions; late request, user deletion, external deletion (no crash)": {
    ...{ ...TWO_AND_TWO, controllers: 1 },
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
  "2 controllers, 2 executions; finalizers removed by force, crash, external deletion": {
    ...TWO_AND_TWO,
    budgets: { ...NO_FAULTS, removals: 1, crashes: 1, losses: 1 },
  },
  "2 controllers, 2 executions; finalizers removed by force, runs that fail, time": {
    ...TWO_AND_TWO,
    ...{ executions: [RESTART, { ...RESTART, comesLater: true }], outcomes: ["failed"], ticks: 2 },
    budgets: { ...NO_FAULTS, removals: 1 },
  },
  "1 controller, 1 execution; all that takes its time, user deletion, external deletion": {
    ...SMALLEST,
    ...{ areReadsInstant: false, isTektonCoarse: false, areAnswersPrompt: false, ticks: 1 },
    ...{ outcomes: ["succeeded", "failed"] },
    budgets: { ...NO_FAULTS, deletions: 1, losses: 1 },
  },
  "2 controllers, 1 execution; cancel, crash, late request": {
    ...TWO_AND_ONE,
    budgets: { ...NO_FAULTS, cancels: 1, crashes: 1, lates: 1 },
  },
  "2 controllers, 1 execution; cancel, user deletion, external deletion": {
    ...TWO_AND_ONE,
    budgets: { ...NO_FAULTS, cancels: 1, deletions: 1, losses: 1 },
  },
  "2 controllers, 1 execution; cancel, each step of Tekton apart": {
    ...TWO_AND_ONE,
    isTektonCoarse: false,
    budgets: { ...NO_FAULTS, cancels: 1 },
  },
  "1 controller, 1 execution; cancel and a harder one, crash, a Tekton that doesn't look for long": {
    ...SMALLEST,
    ticks: 2,
    budgets: { ...NO_FAULTS, cancels: 2, crashes: 1 },
  },
  "1 controller, 1 execution; cancel, each step of Tekton apart, a pod that is made again, time": {
    ...{ ...SMALLEST, ticks: 1, isTektonCoarse: false },
    budgets: { ...NO_FAULTS, cancels: 1, remakes: 1 },
  },
  "2 controllers, 2 executions, audit mode strict; crash, late request": {
    ...TWO_AND_TWO,
    ...STRICT,
    budgets: { ...NO_FAULTS, crashes: 1, lates: 1 },
  },
  "2 controllers, 1 execution, audit mode strict; crash, late request, time": {
    ...TWO_AND_ONE,
    ...STRICT,
    ticks: 1,
    budgets: { ...NO_FAULTS, crashes: 1, lates: 1 },
  },
  "2 controllers, 1 execution, audit mode strict; user deletion": {
    ...TWO_AND_ONE,
    ...STRICT,
    budgets: { ...NO_FAULTS, deletions: 1 },
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
  policy: { ...SMALLEST.policy, defaultTimeoutMs: 10 * MINUTE_MS, stuckAfterMs: 3 * MINUTE_MS },
  budgets: {
    ...{ crashes: 2, lates: 2, lags: 3, deletions: 1, removals: 0, losses: 1 },
    ...{ refusals: 1, wishes: 1, cancels: 2, remakes: 1 },
  },
};

/** A world of random schedules, and how many steps are taken in it. */
export interface Played {
  readonly bounds: Bounds;
  readonly steps: number;
}

export const PLAYED: Readonly<Record<string, Played>> = {
  "everything at once": { bounds: RANDOM, steps: 5_500_000 },
  "people who cancel": {
    bounds: {
      ...RANDOM,
      ...{ executions: [RESTART, SCALE], controllers: 2, ticks: 6 },
      budgets: { ...NO_FAULTS, crashes: 1, lates: 1, lags: 1, deletions: 1, cancels: 3, remakes: 2 },
    },
    steps: 3_000_000,
  },
  "executions that are removed by force": {
    bounds: {
      ...RANDOM,
      ...{ executions: [RESTART, PATIENT, SCALE], controllers: 2 },
      budgets: { ...NO_FAULTS, crashes: 1, lates: 1, lags: 1, removals: 2, losses: 1 },
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
    steps: 3_500_000,
  },
  "executions that wait for each other": {
    bounds: {
      ...RANDOM,
      executions: [PATIENT, PATIENT, { ...SCALE, onBusy: "Wait" }, { ...RESTART, comesLater: true }],
      ...{ controllers: 2, isTektonCoarse: true, ticks: 8 },
      budgets: { ...NO_FAULTS, crashes: 1, lates: 1, lags: 2, deletions: 1, refusals: 1 },
    },
    steps: 3_000_000,
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
