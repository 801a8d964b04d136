import type { FailureReason, Verdict } from "./failure-reason.ts";

/** A verdict that rests on fields of objects. */
export function certain(reason: FailureReason, message: string): Verdict {
  return { reason, confidence: "certain", message };
}

/** A verdict that rests on the text of a message, a warning or a log. */
export function likely(reason: FailureReason, message: string): Verdict {
  return { reason, confidence: "likely", message };
}
