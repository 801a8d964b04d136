/** `make simulate`: larger bounds, and many random schedules. Prints what was looked at; exits 1 where a promise is broken. */
import { NO_FAULTS, SMALLEST, type Bounds } from "./bounds.ts";
import { playRandomly, type RandomReport } from "./random.ts";
import { explore } from "./search.ts";
import { aSimulation } from "./simulation.ts";

const MOST_STATES = 6_000_000;
const SCHEDULES = 250_000;
const LEAST_OF_A_KIND = 1000;

const LARGER: Readonly<Record<string, Bounds>> = {
  "2 controllers, 2 executions, crash, late request": {
    ...SMALLEST,
    ...{ workflows: ["restart", "restart"], controllers: 2 },
    budgets: { ...NO_FAULTS, crashes: 1, lates: 1 },
  },
  "2 controllers, 2 executions, each read and each step of Tekton apart": {
    ...SMALLEST,
    ...{ workflows: ["restart", "restart"], controllers: 2, areReadsInstant: false, isTektonCoarse: false },
  },
  "2 controllers, an execution that is deleted": {
    ...SMALLEST,
    controllers: 2,
    budgets: { ...NO_FAULTS, deletions: 1 },
  },
  "2 executions of one workflow, a lagging watch, time that goes by": {
    ...SMALLEST,
    ...{ workflows: ["restart", "restart"], ticks: 2 },
    budgets: { ...NO_FAULTS, lags: 1 },
  },
  "2 controllers, 2 executions, user delete, external delete": {
    ...SMALLEST,
    ...{ workflows: ["restart", "restart"], controllers: 2, ticks: 1 },
    budgets: { ...NO_FAULTS, deletions: 1, losses: 1 },
  },
  "2 controllers, 2 executions, crash, late request, user delete, external delete": {
    ...SMALLEST,
    ...{ workflows: ["restart", "restart"], controllers: 2, ticks: 1 },
    budgets: { ...NO_FAULTS, crashes: 1, lates: 1, deletions: 1, losses: 1 },
  },
};

const RANDOM: Bounds = {
  ...SMALLEST,
  ...{ workflows: ["restart", "restart", "scale"], controllers: 3, ticks: 3 },
  ...{ areReadsInstant: false, isTektonCoarse: false, outcomes: ["succeeded", "failed"] },
  ...{ addsFinalizer: true, commits: true },
  budgets: { crashes: 2, lates: 3, lags: 4, deletions: 1, losses: 1 },
};

const seed = Number(process.argv[2] ?? Date.now() % 1_000_000);
const isSound = [...Object.entries(LARGER).map(searchThrough), playMany(seed)].every(Boolean);
process.exitCode = isSound ? 0 : 1;

function searchThrough([name, bounds]: readonly [string, Bounds]): boolean {
  const began = performance.now();
  const { states, transitions, isComplete, violation } = explore(aSimulation(bounds), { mostStates: MOST_STATES });
  const seconds = (performance.now() - began) / 1000;
  const extent = isComplete ? "all" : "the first";
  console.log(
    `${name}: ${extent} ${String(states)} states, ${String(transitions)} transitions, ${perSecond(states, seconds)}`,
  );
  if (violation !== undefined) console.log([violation.message, ...violation.schedule].join("\n  "));
  return violation === undefined;
}

function playMany(start: number): boolean {
  console.log(`random schedules, seed ${String(start)}`);
  const began = performance.now();
  const report = playRandomly(RANDOM, { schedules: SCHEDULES, seed: start });
  const seconds = (performance.now() - began) / 1000;
  console.log(
    `${String(report.steps)} steps, median ${String(report.medianLength)} a schedule, ${perSecond(report.steps, seconds)}`,
  );
  console.table(Object.fromEntries([...report.kinds].toSorted(([, a], [, b]) => b - a)));
  if (report.violation !== undefined) console.log(report.violation);
  return report.violation === undefined && isVaried(report);
}

/** Luck is no proof: each kind of step must have been taken often. */
function isVaried({ kinds }: RandomReport): boolean {
  const rare = [...kinds].filter(([, times]) => times < LEAST_OF_A_KIND).map(([kind]) => kind);
  if (rare.length > 0) console.log(`taken less than ${String(LEAST_OF_A_KIND)} times: ${rare.join(", ")}`);
  return rare.length === 0;
}

function perSecond(count: number, seconds: number): string {
  return `${seconds.toFixed(1)} s, ${String(Math.round(count / seconds))} a second`;
}
