import { withoutValues } from "../api/hidden-values.ts";
import { toTimestamp } from "../api/time.ts";
import type { FailureRequest } from "../tekton/failure-request.ts";
import type { Case } from "./rule.ts";

/** What was asked of an execution that fails now. */
export function failureRequestOf(c: Case): FailureRequest {
  const { s, w } = c;
  const { workflowId, version } = w.spec.workflowRef;
  const request = { workflowId, version, targetResource: w.spec.targetResource, decidedAt: toTimestamp(s.now) };
  const cancel = askedCancel(c);
  return cancel === undefined ? request : { ...request, cancel };
}

/** Who wants it to be cancelled, how and why; undefined where nobody does. */
export function askedCancel({ w, hidden }: Case): FailureRequest["cancel"] {
  const { cancel } = w.spec;
  if (cancel === undefined) return undefined;
  const { mode, reason, requestedBy } = cancel;
  const why = reason === undefined || reason === "" ? {} : { reason: withoutValues(reason, hidden) };
  const who = requestedBy === undefined ? {} : { by: requestedBy.username };
  return { mode, ...why, ...who };
}
