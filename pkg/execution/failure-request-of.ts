import { toTimestamp } from "../api/time.ts";
import type { FailureRequest } from "../tekton/failure-request.ts";
import type { Case } from "./rule.ts";

/** What was asked of an execution that fails now. */
export function failureRequestOf({ s, w }: Case): FailureRequest {
  const { workflowId, version } = w.spec.workflowRef;
  return { workflowId, version, targetResource: w.spec.targetResource, decidedAt: toTimestamp(s.now) };
}
