import { isPendingRun } from "../../tekton/run-state.ts";
import { askedCancel } from "../failure-request-of.ts";
import { ownRun } from "../own-run.ts";
import type { Case } from "../rule.ts";
import type { Step } from "../step.ts";
import { withdraw, type Verdict } from "./fail-before-run.ts";

/** Ends an execution whose run was not started: somebody asked for that (spec.cancel), whatever the mode. */
export function cancelled(c: Case): Step | undefined {
  const cancel = askedCancel(c);
  if (cancel === undefined) return undefined;
  const who = cancel.by === undefined ? "" : ` by ${cancel.by}`;
  const why = cancel.reason === undefined ? "" : `: ${cancel.reason}`;
  return takeBack(c, { reason: "Cancelled", message: `cancelled${who} before its run was started${why}` });
}

/** Undefined where the run was started, or may have been: stopping it is another rule's matter. */
export function takeBack(c: Case, verdict: Verdict): Step | undefined {
  const { s, w } = c;
  if (w.status?.executionRef === undefined) return withdraw(c, verdict);
  const run = ownRun(s, w);
  // A verdict that is written down is why the run is gone. One that was started all the same is stopped like any other.
  if (run === undefined) return w.status.reason === verdict.reason ? withdraw(c, verdict) : undefined;
  return isPendingRun(run) ? withdraw(c, verdict) : undefined;
}
