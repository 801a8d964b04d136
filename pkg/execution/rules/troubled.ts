import { cleanText } from "../../tekton/clean-text.ts";
import type { Case } from "../rule.ts";
import type { Step } from "../step.ts";
import { writeStatus } from "../write-status.ts";

/** Shows in the status why the execution can't go on at the moment, then tries again later. Never a failure. */
export function troubled({ s, w, policy }: Case): Step | undefined {
  if (s.forbidden !== undefined) return { type: "ReviewAccess", namespace: policy.executionNamespace };
  if (s.trouble === undefined) return undefined;
  const { reason } = s.trouble;
  const message = cleanText(s.trouble.message);
  return writeStatus(s, w, { status: { reason, message } }) ?? { type: "Backoff", message: `${reason}: ${message}` };
}
