import { API_VERSION } from "../../../pkg/api/labels.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { waitFor } from "../../cluster/wait.ts";

/** Waits until the policies of config/admission are enforced, which takes the API server a second or two after they were applied. */
export async function untilEnforced(cluster: Cluster): Promise<void> {
  await Promise.all(REFUSED_OBJECTS.map((refused) => untilRefused(cluster, refused)));
}

interface RefusedObject {
  /** The name of the policy. */
  readonly by: string;
  readonly object: unknown;
}

/** Asks again and again whether it could be created. Nothing ever is. */
async function untilRefused(cluster: Cluster, { by, object }: RefusedObject): Promise<void> {
  const create = ["create", "--dry-run=server", "-f", "-"];
  await waitFor(`policy ${by} to be enforced`, 60_000, async () => {
    const { stderr } = await cluster.kubectl(create, { input: JSON.stringify(object) });
    return stderr.includes(`ValidatingAdmissionPolicy '${by}'`);
  });
}

const annotations = { "kubernaut.ai/clear-execution-block": "nothing" };
const spec = {
  remediationRequestRef: { name: "none" },
  workflowRef: { workflowId: "none", version: "1", containerImage: "none:1" },
  targetResource: "none/none/none",
};

/**
 * Right in every other way, but nobody may ask for a block to be lifted, or cancel, where something is only being created,
 * and nobody has that name.
 */
const REFUSED_OBJECTS: readonly RefusedObject[] = [
  {
    by: "targetlocks.kubernaut.ai",
    object: {
      apiVersion: API_VERSION,
      kind: "TargetLock",
      metadata: { name: `target-${"0".repeat(32)}`, annotations },
      spec: { formatVersion: 1, targetResource: "none/none/none", state: "Free", epoch: 1 },
    },
  },
  {
    by: "workflowexecutions.kubernaut.ai",
    object: {
      apiVersion: API_VERSION,
      kind: "WorkflowExecution",
      metadata: { name: "none", namespace: "default", annotations },
      spec,
    },
  },
  {
    by: "workflowexecutions-cancel.kubernaut.ai",
    object: {
      apiVersion: API_VERSION,
      kind: "WorkflowExecution",
      metadata: { name: "none", namespace: "default" },
      spec: { ...spec, cancel: { mode: "Cancel" } },
    },
  },
  {
    by: "workflowexecutions-requested-by.kubernaut.ai",
    object: {
      apiVersion: API_VERSION,
      kind: "WorkflowExecution",
      metadata: { name: "none", namespace: "default" },
      spec: { ...spec, requestedBy: { username: "nobody at all" } },
    },
  },
];
