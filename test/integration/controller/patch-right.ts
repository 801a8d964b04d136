import { waitFor } from "../../cluster/wait.ts";
import { RUNS, type World } from "../../support/controller-world.ts";

const ROLE = "workflow-execution-controller";
const CONTROLLER = "system:serviceaccount:kubernaut-system:workflow-execution-controller";

/** Does something while the controller may not patch runs: it can create one and can't start it. */
export async function withoutPatchRight(world: World, act: () => Promise<void>): Promise<void> {
  const verbs = JSON.parse(
    await world.kubectl("get", "role", ROLE, "-n", RUNS, "-o", "jsonpath={.rules[0].verbs}"),
  ) as readonly string[];
  await setVerbs(
    world,
    verbs.filter((verb) => verb !== "patch"),
  );
  try {
    await act();
  } finally {
    await setVerbs(world, verbs);
  }
}

/** The role's first rule is that of the runs. Waits until the API server goes by it. */
async function setVerbs(world: World, verbs: readonly string[]): Promise<void> {
  const operations = [
    { op: "test", path: "/rules/0/resources", value: ["pipelineruns"] },
    { op: "replace", path: "/rules/0/verbs", value: verbs },
  ];
  await world.kubectl("patch", "role", ROLE, "-n", RUNS, "--type=json", "-p", JSON.stringify(operations));
  const mayPatch = ["auth", "can-i", "patch", "pipelineruns.tekton.dev", "-n", RUNS, `--as=${CONTROLLER}`];
  await waitFor("the rights to be known", 30_000, async () => {
    return (await world.cluster.kubectl(mayPatch)).stdout.trim() === (verbs.includes("patch") ? "yes" : "no");
  });
}
