import { EXECUTION_NAMESPACE, type Platform } from "../platform.ts";
import type { Json } from "./workflow.ts";

/** A ConfigMap without anything in it. */
export const CONFIG_MAP = "faults";
/** So much ephemeral storage may the pods of all runs be limited to, together. Pods without such a limit don't count. */
export const QUOTA_MEBIBYTES = 500;

const OBJECTS: readonly Json[] = [
  { apiVersion: "v1", kind: "ConfigMap", metadata: { name: CONFIG_MAP } },
  {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "faults" },
    spec: { hard: { "limits.ephemeral-storage": `${String(QUOTA_MEBIBYTES)}Mi` } },
  },
];

/** What the cases need in the execution namespace. */
export async function furnish({ cluster, kubectl }: Platform): Promise<void> {
  for (const object of OBJECTS) {
    const apply = ["apply", "--server-side", "-n", EXECUTION_NAMESPACE, "-f", "-"];
    const { code, stderr } = await cluster.kubectl(apply, { input: JSON.stringify(object) });
    if (code !== 0) throw new Error(stderr);
  }
  const known = "--for=jsonpath={.status.hard}";
  await kubectl("wait", "resourcequota/faults", "-n", EXECUTION_NAMESPACE, "--timeout=30s", known);
}
