import { canonicalTarget, type CanonicalTarget } from "../lock/canonical-target.ts";
import { lockName } from "../lock/lock-name.ts";
import type { KindCatalog } from "../api/kinds.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";

/** The execution's target in canonical form, as far as this catalog of kinds can tell. */
export function resolveTarget(w: WorkflowExecution, kinds: KindCatalog): CanonicalTarget {
  return canonicalTarget(w.spec.targetResource, kinds);
}

/** Name of the execution's lock: the recorded one once there is one, else that of the canonical target. */
export function lockNameOf(w: WorkflowExecution, kinds: KindCatalog): string | undefined {
  const recorded = w.status?.locks?.[0]?.name;
  if (recorded !== undefined) return recorded;
  const target = resolveTarget(w, kinds);
  return target.type === "canonical" ? lockName(target.text) : undefined;
}
