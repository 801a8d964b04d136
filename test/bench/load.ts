/** Creates executions at a steady rate. All times are of this process (ms). */
import { waitFor } from "../cluster/wait.ts";
import { aPlayedExecution, type ExecutionParts, type World } from "../support/controller-world.ts";
import type { Life, Observer } from "./observe.ts";

export interface Load {
  /** Executions a second. */
  readonly rate: number;
  readonly count: number;
  /** Begins the names of its executions. */
  readonly prefix: string;
  /** What the n-th one asks for, from 0. */
  readonly ask: (n: number) => Omit<ExecutionParts, "name">;
  /** The stage that all of them reach in the end. */
  readonly until: keyof Life;
}

/** What became of a load. */
export interface LoadRun {
  readonly lives: readonly Life[];
  /** From the first creation to the answer to the last one. */
  readonly creationMs: number;
  /** How many were decided at that moment. */
  readonly decidedByThen: number;
}

/** The n-th target of that name. */
export function targetOf(prefix: string, n: number): string {
  return `payment/deployment/${prefix}-${String(n)}`;
}

/** A machine that is too slow for the rate still gets figures, late. */
const DEADLINE_MS = 300_000;

/** Creates the load and waits until all of it is where it should be. */
export async function runLoad(world: World, observer: Observer, load: Load): Promise<LoadRun> {
  const began = performance.now();
  const uids = await createAll(world, observer, load);
  const creationMs = performance.now() - began;
  const decidedByThen = livesOf(uids, observer).filter(({ decided }) => decided !== undefined).length;
  await waitFor(`all of ${load.prefix} to be ${load.until}`, DEADLINE_MS, () =>
    livesOf(uids, observer).every((life) => life[load.until] !== undefined),
  );
  return { lives: livesOf(uids, observer), creationMs, decidedByThen };
}

function livesOf(uids: readonly string[], { lives }: Observer): readonly Life[] {
  return uids.map((uid) => lives.get(uid) ?? {});
}

function createAll(world: World, observer: Observer, { rate, count, prefix, ask }: Load): Promise<readonly string[]> {
  const began = performance.now();
  const numbers = Array.from({ length: count }, (_, n) => n);
  return Promise.all(
    numbers.map(async (n) => {
      await delay((n * 1000) / rate, began);
      const at = performance.now();
      const execution = aPlayedExecution({ ...ask(n), name: `${prefix}-${String(n)}` });
      const { metadata } = await world.api.executions.create(execution);
      observer.created(metadata.uid ?? "", at);
      return metadata.uid ?? "";
    }),
  );
}

/** Resolves so many ms after `began`: the load's rate doesn't depend on how fast it is served. */
function delay(ms: number, began: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, ms - (performance.now() - began)));
  });
}
