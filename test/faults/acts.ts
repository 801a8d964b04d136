import type { World } from "../support/controller-world.ts";
import type { Fleet } from "./fleet.ts";
import { clearBlock, deleteExecution, deleteRun } from "./people.ts";
import type { Random } from "./seeded-random.ts";

/** What is done from outside while executions go their way. */
export interface ActsTally {
  readonly cleared: number;
  readonly deletedExecutions: number;
  readonly deletedRuns: number;
}

export const NO_ACTS: ActsTally = { cleared: 0, deletedExecutions: 0, deletedRuns: 0 };

export interface Acts {
  tally(): ActsTally;
  /** Ends them; resolves when the last is done, rejects where one failed. */
  stop(): Promise<void>;
}

export interface Stage {
  readonly world: World;
  readonly fleet: Fleet;
  readonly random: Random;
  /** The administrator, as the API server knows it. */
  readonly user: string;
}

/** Between two acts, as many changes of anything as one of these. */
const LEAST_CHANGES = 5;
const MOST_CHANGES = 40;

/**
 * Acts again and again, each time after a random number of changes that a watch told of: so the moments lie where
 * something happens, however fast the machine is.
 */
export function startActs(stage: Stage): Acts {
  const { world, random } = stage;
  const tally = { ...NO_ACTS };
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let left = nextGap(random);
  const ends = Object.values(world.stores).map((store) => (store as World["stores"]["pods"]).subscribe(changed));

  function changed(): void {
    left -= 1;
    if (left > 0) return;
    left = nextGap(random);
    const act = actOnce(stage, tally).catch((error: unknown) => {
      failures.push(error);
    });
    running.add(act);
  }

  return {
    tally: () => ({ ...tally }),
    async stop() {
      for (const end of ends) end();
      await Promise.all(running);
      if (failures.length > 0) throw new AggregateError(failures, "acts failed");
    },
  };
}

function nextGap(random: Random): number {
  return LEAST_CHANGES + random.below(MOST_CHANGES - LEAST_CHANGES + 1);
}

type Act = (stage: Stage) => boolean | Promise<boolean>;

/** How often each act is chosen, of 100, and what it counts as where it could be done. */
const ACTS: readonly (readonly [share: number, act: Act, tallied: keyof ActsTally | undefined])[] = [
  [30, ({ fleet, random }) => fleet.pause(random), undefined],
  [30, ({ fleet, random }) => fleet.resume(random), undefined],
  [12, ({ fleet, random }) => fleet.kill(random), undefined],
  [12, ({ world, random, user }) => clearBlock(world, user, random), "cleared"],
  [10, ({ world, random }) => deleteExecution(world, random), "deletedExecutions"],
  [6, ({ world, random }) => deleteRun(world, random), "deletedRuns"],
];

async function actOnce(stage: Stage, tally: { -readonly [K in keyof ActsTally]: number }): Promise<void> {
  let choice = stage.random.below(100);
  for (const [share, act, tallied] of ACTS) {
    choice -= share;
    if (choice >= 0) continue;
    if ((await act(stage)) && tallied !== undefined) tally[tallied] += 1;
    return;
  }
}
