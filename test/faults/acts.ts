import type { World } from "../support/controller-world.ts";
import type { DatabaseOutages } from "./database-outages.ts";
import type { Fleet } from "./fleet.ts";
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
  readonly database: DatabaseOutages;
  readonly random: Random;
  /** The administrator, as the API server knows it. */
  readonly user: string;
}

/** One act. Gives whether it could be done. */
type Act = (stage: Stage) => boolean | Promise<boolean>;

/** What is done from outside in a campaign, and how often. */
export interface ActPlan {
  /** Between two acts there are so many changes of anything. */
  readonly gap: { readonly least: number; readonly most: number };
  /** How often each act is chosen, of 100, and what it counts as where it could be done. */
  readonly acts: readonly (readonly [share: number, act: Act, tallied?: keyof ActsTally])[];
}

/**
 * Acts again and again, each time after a random number of changes that a watch told of: so the moments lie where
 * something happens, however fast the machine is.
 */
export function startActs(stage: Stage, { gap, acts }: ActPlan): Acts {
  const { world, random } = stage;
  const tally = { ...NO_ACTS };
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let left = nextGap();
  const ends = Object.values(world.stores).map((store) => (store as World["stores"]["pods"]).subscribe(changed));

  function changed(): void {
    left -= 1;
    if (left > 0) return;
    left = nextGap();
    const act = actOnce(stage, acts, tally).catch((error: unknown) => {
      failures.push(error);
    });
    running.add(act);
  }

  function nextGap(): number {
    return gap.least + random.below(gap.most - gap.least + 1);
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

async function actOnce(
  stage: Stage,
  acts: ActPlan["acts"],
  tally: { -readonly [K in keyof ActsTally]: number },
): Promise<void> {
  let choice = stage.random.below(100);
  for (const [share, act, tallied] of acts) {
    choice -= share;
    if (choice >= 0) continue;
    if ((await act(stage)) && tallied !== undefined) tally[tallied] += 1;
    return;
  }
}
