import type { TektonCondition } from "../../../pkg/api/tekton.ts";
import { toTimestamp } from "../../../pkg/api/time.ts";

interface ConditionWords {
  readonly reason: string;
  readonly message: string;
  readonly now: number;
}

/** The only condition that Tekton's runs have; `now` in ms. */
export function succeeded(
  status: TektonCondition["status"],
  { reason, message, now }: ConditionWords,
): TektonCondition {
  return { type: "Succeeded", status, reason, message, lastTransitionTime: toTimestamp(now) };
}
