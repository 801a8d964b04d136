import type { AppendOutcome } from "./append.ts";
import type { Receipt } from "./backlog.ts";
import type { EventRow } from "./event-content.ts";

/**
 * The receipt for the events of one object: for the last of the unbroken row of recorded ones. A receipt speaks for
 * all events before it too, so it never goes beyond one that was refused.
 *
 * @param rows oldest first
 * @param at RFC 3339, when the outcomes were seen
 */
export function receiptOf(
  rows: readonly EventRow[],
  outcomes: ReadonlyMap<string, AppendOutcome>,
  at: string,
): Receipt | undefined {
  let receipt: Receipt | undefined;
  for (const { event_id: id, ordinal } of rows) {
    const outcome = outcomes.get(id);
    if (outcome?.kind !== "recorded") break;
    receipt = { ordinal, at, seq: outcome.seq, hash: outcome.hash };
  }
  return receipt;
}
