/** People who ask for a block to be lifted, by kubectl and with rights of their own. */
import { ANNOTATION_CLEAR_BLOCK, ANNOTATION_CLEARED_BY } from "../../pkg/api/labels.ts";
import type { CommandResult } from "../cluster/run-command.ts";
import { waitFor } from "../cluster/wait.ts";
import type { Platform } from "./platform.ts";

/** Has the ClusterRole of config/rbac/block-clearer.yaml, and nothing else. */
export const CLEARER = "ann@example.com";
/** May read and patch what the clearer may, but not clear. */
export const EDITOR = "eve@example.com";

/** Gives them their rights and waits until the API server knows them. */
export async function inviteClearers({ cluster, kubectl }: Platform): Promise<void> {
  const clearer = "workflow-execution-block-clearer";
  const editor = "e2e-editor";
  await kubectl("create", "clusterrolebinding", clearer, `--clusterrole=${clearer}`, `--user=${CLEARER}`);
  const resources = "--resource=targetlocks.kubernaut.ai,workflowexecutions.kubernaut.ai";
  await kubectl("create", "clusterrole", editor, "--verb=get,patch", resources);
  await kubectl("create", "clusterrolebinding", editor, `--clusterrole=${editor}`, `--user=${EDITOR}`);
  for (const [user, verb] of [
    [CLEARER, "clear"],
    [EDITOR, "patch"],
  ] as const) {
    const ask = ["auth", "can-i", verb, "targetlocks.kubernaut.ai", `--as=${user}`];
    await waitFor(`${user} to have the verb ${verb}`, 30_000, async () => (await cluster.kubectl(ask)).code === 0);
  }
}

interface Asking {
  readonly as: string;
  /** The name that is given; that of the one who asks, unless told otherwise. */
  readonly by?: string;
  /** The object as kubectl takes it: kind, name, and where it has one its namespace. */
  readonly on: readonly string[];
  readonly text: string;
}

/** Asks for a block to be lifted. Gives what kubectl says to that. */
export async function askToClear({ cluster }: Platform, asking: Asking): Promise<CommandResult> {
  const { as, by = as, on, text } = asking;
  const annotations = [`${ANNOTATION_CLEAR_BLOCK}=${text}`, `${ANNOTATION_CLEARED_BY}=${by}`];
  return cluster.kubectl(["annotate", ...on, ...annotations, `--as=${as}`]);
}
