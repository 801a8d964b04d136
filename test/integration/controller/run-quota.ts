import { RUNS, type World } from "../../support/controller-world.ts";
import { waitFor } from "../../cluster/wait.ts";

const NAME = "no-runs";
const COUNTED = "count/pipelineruns.tekton.dev";

/** From now on no more run can be created: a quota of as many as there are. Waits until the API server enforces it. */
export async function withRunQuota(world: World): Promise<void> {
  const hard = await existingRuns(world);
  await world.kubectl("create", "quota", NAME, "-n", RUNS, `--hard=${COUNTED}=${String(hard)}`);
  await waitFor("the quota to be known", 60_000, async () => {
    const path = `jsonpath={.status.hard.count/pipelineruns\\.tekton\\.dev}`;
    return (await world.kubectl("get", "quota", NAME, "-n", RUNS, "-o", path)) === String(hard);
  });
}

/** Ends it. */
export async function withoutRunQuota(world: World): Promise<void> {
  await world.kubectl("delete", "quota", NAME, "-n", RUNS);
}

async function existingRuns(world: World): Promise<number> {
  return (await world.kubectl("get", "pipelineruns", "-n", RUNS, "-o", "name")).split("\n").filter(Boolean).length;
}
