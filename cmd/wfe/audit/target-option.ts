import type { ServedKind } from "../../../pkg/api/kinds.ts";
import type { ExecutionFilter } from "../../../pkg/audit/ask/execution-filter.ts";
import { canonicalTarget } from "../../../pkg/lock/canonical-target.ts";

type TargetFilter = Pick<ExecutionFilter, "targets" | "targetPrefix">;

/**
 * Kinds that are known without asking a cluster, with their short names: so that a target is found as it was requested,
 * too. Of another kind it has to be given as it is recorded (`payment/rollouts.argoproj.io/api`).
 */
const knownKinds: readonly ServedKind[] = [
  kind("Deployment", "apps", ["deploy"]),
  kind("StatefulSet", "apps", ["sts"]),
  kind("DaemonSet", "apps", ["ds"]),
  kind("ReplicaSet", "apps", ["rs"]),
  kind("Job", "batch"),
  kind("CronJob", "batch", ["cj"]),
  kind("HorizontalPodAutoscaler", "autoscaling", ["hpa"]),
  kind("Pod", "", ["po"]),
  kind("Service", "", ["svc"]),
  kind("ConfigMap", "", ["cm"]),
  kind("Secret", ""),
  kind("PersistentVolumeClaim", "", ["pvc"]),
  { ...kind("Node", "", ["no"]), namespaced: false },
  { ...kind("Namespace", "", ["ns"]), namespaced: false },
];

/**
 * What `--target` asks for. A text that ends with / is a beginning (`payment/`: all of a namespace, `nodes/`: all nodes);
 * everything else is one target, as it is recorded or as it was requested.
 */
export function targetFilter(text: string): TargetFilter {
  if (text.endsWith("/")) return { targetPrefix: text };
  const canonical = canonicalTarget(text, { kinds: knownKinds, complete: false });
  return { targets: canonical.type === "canonical" && canonical.text !== text ? [canonical.text, text] : [text] };
}

function kind(name: string, group: string, shortNames: readonly string[] = []): ServedKind {
  const singular = name.toLowerCase();
  return { group, kind: name, plural: `${singular}s`, singular, shortNames, namespaced: true };
}
