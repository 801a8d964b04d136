import { hiddenValues, withoutValues } from "../api/hidden-values.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import type { Policy } from "./policy.ts";
import type { Case } from "./rule.ts";
import type { ExecutionSnapshot, Seen } from "./snapshot.ts";

/**
 * What the rules decide from: the snapshot without the values of parameters that must not be seen. Whatever enters a
 * status, an event or the outbox from outside comes from these texts: what a step has printed, what Tekton, the kubelet
 * or the API server say of it (audit.md section 5).
 */
export function caseOf(s: ExecutionSnapshot, w: WorkflowExecution, policy: Policy): Case {
  const hidden = hiddenOf(w, policy);
  return { s: hidden.length === 0 ? s : withoutHidden(s, hidden), w, policy, hidden };
}

/** The values of this execution's parameters that must not be seen. */
export function hiddenOf(w: WorkflowExecution | undefined, policy: Policy): readonly string[] {
  const { parameters, targetResource = "" } = w?.spec ?? {};
  return hiddenValues(parameters, { shown: policy.shownParameters, known: targetResource });
}

function withoutHidden(s: ExecutionSnapshot, hidden: readonly string[]): ExecutionSnapshot {
  const { rejection, trouble } = s;
  return {
    ...s,
    runs: cleaned(s.runs, hidden),
    taskRuns: cleaned(s.taskRuns, hidden),
    pods: cleaned(s.pods, hidden),
    live: clean(s.live, hidden),
    ...(rejection === undefined ? {} : { rejection: clean(rejection, hidden) }),
    ...(trouble === undefined ? {} : { trouble: clean(trouble, hidden) }),
  };
}

function cleaned<T>({ value, freshness }: Seen<T>, hidden: readonly string[]): Seen<T> {
  return { value: clean(value, hidden), freshness };
}

/** Fields in which people read words. All that objects are told apart by stays. */
const WORDS: ReadonlySet<string> = new Set(["message", "statusMessage", "text"]);

function clean<T>(value: T, hidden: readonly string[]): T {
  if (Array.isArray(value)) return value.map((item: unknown) => clean(item, hidden)) as T;
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, field]: [string, unknown]) => {
    const isText = typeof field === "string" && WORDS.has(name);
    // Annotations are written back as they are when a run is cancelled.
    if (name === "metadata") return [name, field] as const;
    return [name, isText ? withoutValues(field, hidden) : clean(field, hidden)] as const;
  });
  return Object.fromEntries(fields) as T;
}
