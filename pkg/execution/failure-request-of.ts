import { withoutValues } from "../api/hidden-values.ts";
import { toTimestamp } from "../api/time.ts";
import type { FailureRequest } from "../tekton/failure-request.ts";
import type { Case } from "./rule.ts";

/** What was asked of an execution that fails now. */
export function failureRequestOf({ s, w, hidden }: Case): FailureRequest {
  const { workflowId, version } = w.spec.workflowRef;
  const request = { workflowId, version, targetResource: w.spec.targetResource, decidedAt: toTimestamp(s.now) };
  const { cancel } = w.spec;
  if (cancel === undefined) return request;
  const { mode, reason, requestedBy } = cancel;
  const why = reason === undefined || reason === "" ? {} : { reason: withoutValues(reason, hidden) };
  const who = requestedBy === undefined ? {} : { by: requestedBy.username };
  return { ...request, cancel: { mode, ...why, ...who } };
}
