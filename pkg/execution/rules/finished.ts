import { fromTimestamp } from "../../api/time.ts";
import { conditionOf, isTerminal, type ConditionChange } from "../conditions.ts";
import { allRecorded, isNews } from "../outbox.ts";
import { ownLock } from "../own-lock.ts";
import { exactVersion, ownRun } from "../own-run.ts";
import type { Case } from "../rule.ts";
import { DONE, type Step } from "../step.ts";
import { writeReceipt } from "../write-status.ts";

/** The audit receipt and the release of the target wait this long for each other, so that both are one write. */
const JOIN_MS = 2000;

/** A terminal execution: the audit receipt and the end of its lock are still written, and its run is kept for a while. */
export function finished(c: Case): Step | undefined {
  const { s, w } = c;
  if (!isTerminal(w.status?.phase)) return undefined;
  const conditions = released(c);
  const isUpToDate = w.status?.observedGeneration === w.metadata.generation;
  if (!isNews(w.status?.audit, s.receipt) && conditions.length === 0 && isUpToDate) return retain(c);
  const patience = joinUntil(c);
  if (s.now < patience) return { type: "Wait", until: patience };
  return writeReceipt(s, w, { status: {}, conditions });
}

/** Until when (ms) the rest is awaited, so that receipt and release are one write; 0 where all is there. */
function joinUntil({ s, w }: Case): number {
  const isRecorded = isNews(w.status?.audit, s.receipt) || w.status?.audit?.pending?.length === 0;
  if (isRecorded && ownLock(s, w) === undefined) return 0;
  return fromTimestamp(conditionOf(w.status, "Finished")?.lastTransitionTime ?? "") + JOIN_MS;
}

function released({ s, w }: Case): readonly ConditionChange[] {
  if (ownLock(s, w) !== undefined || conditionOf(w.status, "ResourceLocked")?.status !== "True") return [];
  return [{ type: "ResourceLocked", status: "False", reason: "Released", message: "the target was given back" }];
}

/**
 * The finished run is kept for people to look at, for a time and up to a number of runs; then it is deleted with its
 * TaskRuns and pods, in the very version that was seen, and never before its audit events are committed.
 */
function retain({ s, w, policy }: Case): Step {
  const run = ownRun(s, w);
  if (run === undefined || run.metadata.deletionTimestamp !== undefined) return DONE;
  if (!allRecorded(w.status?.audit) || ownLock(s, w) !== undefined) return DONE;
  const until = fromTimestamp(conditionOf(w.status, "Finished")?.lastTransitionTime ?? "") + policy.keepRunsMs;
  if (s.now < until && s.newerRuns < policy.keepRuns) return { type: "Wait", until };
  return { type: "DeleteRun", run: exactVersion(run) };
}
