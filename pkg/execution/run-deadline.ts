import type { PipelineRun } from "../api/tekton.ts";
import { fromTimestamp } from "../api/time.ts";
import { parseGoDuration } from "../tekton/go-duration.ts";
import { conditionOf } from "./conditions.ts";
import type { Case } from "./rule.ts";

/**
 * When (ms) a started run must have ended: its own timeout, counted from its start, or `timesOutAt`, the earlier one.
 * Where Tekton hasn't written a start (it is down, or has not looked yet), from the record that it was about to start.
 */
export function runDeadline({ w, policy }: Case, run: PipelineRun): number {
  const { startTime } = run.status ?? {};
  const intended = conditionOf(w.status, "TektonPipelineCreated")?.lastTransitionTime;
  const timeout = parseGoDuration(run.spec.timeouts?.pipeline ?? "") ?? policy.defaultTimeoutMs;
  const started = fromTimestamp(startTime ?? intended ?? "");
  const timedOut = Number.isNaN(started) ? Infinity : started + timeout;
  return w.spec.timesOutAt === undefined ? timedOut : Math.min(timedOut, fromTimestamp(w.spec.timesOutAt));
}
