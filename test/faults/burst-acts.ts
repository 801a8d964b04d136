import type { ActPlan, Stage } from "./acts.ts";
import { clearBlock, deleteExecution, deleteRun } from "./people.ts";

const ACTS: ActPlan["acts"] = [
  [30, ({ fleet, random }: Stage): boolean => fleet.pause(random)],
  [30, ({ fleet, random }: Stage): boolean => fleet.resume(random)],
  [12, ({ fleet, random }: Stage): boolean => fleet.kill(random, 1)],
  [12, ({ world, random, user }: Stage): Promise<boolean> => clearBlock(world, user, random), "cleared"],
  [10, ({ world, random }: Stage): Promise<boolean> => deleteExecution(world, random), "deletedExecutions"],
  [6, ({ world, random }: Stage): Promise<boolean> => deleteRun(world, random), "deletedRuns"],
];

/** What happens during bursts: the target lock is what is tried, so controllers stand still with old views most of all. */
export const BURST_ACTS: ActPlan = { gap: { least: 5, most: 40 }, acts: ACTS };
