/** The worlds of `make simulate`: those that are looked at completely, and those in which random schedules are played. */
import { NO_FAULTS, REBOOT, RESTART, SCALE, SMALLEST, type Bounds } from "./bounds.ts";

const TWO_AND_TWO: Bounds = { ...SMALLEST, executions: [RESTART, RESTART], controllers: 2 };
const MINUTE_MS = 60_000;
const PATIENT = { ...RESTART, onBusy: "Wait", onCooldown: "Wait" } as const;

/**
 * Two controllers and two executions with a crash, a late request, a deletion by a user and one of the run by somebody
 * else are more than a hundred million states. So each of these searches leaves out one of them; with one execution
 * there are all, and time goes by. The last ones lift what the others simplify.
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
};

const RANDOM: Bounds = {
  ...SMALLEST,
  ...{ executions: [RESTART, RESTART, SCALE], controllers: 3, ticks: 4 },
  ...{ areReadsInstant: false, isTektonCoarse: false, areAnswersPrompt: false, areSurprisesCounted: true },
  ...{ outcomes: ["succeeded", "failed"], refusals: ["rejected", "forbidden", "quota", "unknown"] },
  ...{ addsFinalizer: true, commits: true },
  budgets: { crashes: 2, lates: 2, lags: 3, deletions: 1, losses: 1, refusals: 1, wishes: 1 },
};

/** A world of random schedules, and how many steps are taken in it. */
export interface Played {
  readonly bounds: Bounds;
  readonly steps: number;
}

export const PLAYED: Readonly<Record<string, Played>> = {
  "everything at once": { bounds: RANDOM, steps: 9_000_000 },
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
