/**
 * `make simulate`: complete searches within larger bounds, and many random schedules. Prints what was looked at; exits 1
 * where a promise is broken, a search isn't complete, or something happened too seldom.
 *
 *   main.ts [seed]                                  everything
 *   main.ts search <part of a name>                 some of the searches
 *   main.ts random <seed>                           all random schedules, without the searches
 *   main.ts play <part of a name> <seed> [path]     some worlds of random schedules; with a path only that schedule
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Bounds } from "./bounds.ts";
import { playRandomly, type RandomReport } from "./random.ts";
import { explore } from "./search.ts";
import { aSimulation } from "./simulation.ts";
import { Tally } from "./tally.ts";
import { COMPLETE, PLAYED, type Played } from "./worlds.ts";

const MOST_STATES = 60_000_000;
const SCHEDULES_AT_ONCE = 1000;

const [what = "", name = "", seed = "0", path] = process.argv.slice(2);
process.exitCode = (await isSound()) ? 0 : 1;

async function isSound(): Promise<boolean> {
  if (what === "search") return areAll(named(COMPLETE, name), searchThrough);
  if (what === "play") {
    const tally = new Tally();
    return areAll(named(PLAYED, name), (world) => play(world, { seed: Number(seed), path, tally }));
  }
  if (what === "random") return playAll(Number(name));
  const start = what === "" ? Date.now() % 1_000_000 : Number(what);
  const isProven = await areAll(Object.entries(COMPLETE), searchThrough);
  return (await playAll(start)) && isProven;
}

/** One after the other, whatever the first ones are. */
async function areAll<T>(all: readonly T[], check: (one: T) => boolean | Promise<boolean>): Promise<boolean> {
  let isGood = true;
  for (const one of all) {
    // The product's requests are promises; what they have left behind is freed only between two turns.
    await nextTurn();
    isGood = (await check(one)) && isGood;
  }
  return isGood;
}

function named<T>(all: Readonly<Record<string, T>>, part: string): readonly (readonly [string, T])[] {
  const found = Object.entries(all).filter(([title]) => title.includes(part));
  if (found.length === 0) throw new Error(`there is no "${part}", only: ${Object.keys(all).join("; ")}`);
  return found;
}

function searchThrough([title, bounds]: readonly [string, Bounds]): boolean {
  const began = process.cpuUsage();
  const { states, transitions, isComplete, violation } = explore(aSimulation(bounds), { mostStates: MOST_STATES });
  const extent = isComplete ? "all" : "NOT ALL, only the first";
  console.log(
    `${title}: ${extent} ${String(states)} states, ${String(transitions)} steps between them, ${speed(states, began)}`,
  );
  if (violation !== undefined) console.log([violation.message, ...violation.schedule].join("\n  "));
  return isComplete && violation === undefined;
}

async function playAll(start: number): Promise<boolean> {
  console.log(`random schedules, seed ${String(start)}`);
  const tally = new Tally();
  const began = process.cpuUsage();
  const isGood = await areAll(Object.entries(PLAYED), (world) => play(world, { seed: start, path: undefined, tally }));
  console.log(
    `${String(tally.steps)} steps, ${String(tally.median)} in the schedule in the middle, ${speed(tally.steps, began)}`,
  );
  console.table(tally.table());
  const lacks = tally.lacks();
  if (lacks.length > 0) console.log(["too little:", ...lacks].join("\n  "));
  return isGood && lacks.length === 0;
}

interface Play {
  readonly seed: number;
  readonly path: string | undefined;
  readonly tally: Tally;
}

/** Plays until there are enough steps; each round has the next seed. */
async function play(
  [title, { bounds, steps }]: readonly [string, Played],
  { seed: first, path: only, tally }: Play,
): Promise<boolean> {
  const began = process.cpuUsage();
  const before = tally.steps;
  for (let next = first; tally.steps - before < steps; next += 1) {
    const report = playRandomly(bounds, { schedules: SCHEDULES_AT_ONCE, seed: next, path: only });
    tally.add(report);
    if (report.violation !== undefined) return tell(title, report.violation);
    if (only !== undefined) break;
    await nextTurn();
  }
  const played = tally.steps - before;
  console.log(`${title}: ${String(played)} steps, ${speed(played, began)}`);
  return true;
}

function tell(title: string, { message, schedule, ...where }: NonNullable<RandomReport["violation"]>): false {
  const again = `node_modules/.bin/node test/simulation/main.ts play "${title}" ${String(where.seed)} ${where.path}`;
  console.log([`${title}: ${message}`, ...schedule, `again: ${again}`].join("\n  "));
  return false;
}

/** On one core, whatever else the machine does. */
function speed(count: number, began: NodeJS.CpuUsage): string {
  const { user, system } = process.cpuUsage(began);
  const seconds = (user + system) / 1e6;
  return `${seconds.toFixed(0)} s of one core, ${String(Math.round(count / seconds))} a second`;
}
