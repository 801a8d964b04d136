import type { TargetLock } from "../../api/target-lock.ts";
import { fromTimestamp } from "../../api/time.ts";
import { stillMatters } from "../../lock/history.ts";
import { lookAtFirst } from "../look.ts";
import { understoodLock } from "../own-lock.ts";
import { exactVersion } from "../own-run.ts";
import type { Policy } from "../policy.ts";
import type { LockSnapshot } from "../snapshot.ts";
import type { Step } from "../step.ts";

const DAY_MS = 24 * 60 * 60_000;

/**
 * Deletes the record of a target that nobody holds and of which nothing is left to remember, a day after it last
 * mattered; in exactly that version, so that whoever takes the target meanwhile keeps its lock (lock.md section 1).
 */
export function retire(s: LockSnapshot, policy: Policy): Step | undefined {
  const lock = understoodLock(s);
  if (lock === undefined || !isIdle(lock, s)) return undefined;
  const until = lastMattered(lock) + DAY_MS;
  if (s.now < until) return { type: "Wait", until };
  const looking = lookAtFirst(s, ["lock"], policy.executionNamespace);
  if (looking !== undefined) return looking;
  const { namespace: _none, ...version } = exactVersion(lock);
  return { type: "DeleteLock", lock: version };
}

function isIdle({ metadata, spec }: TargetLock, { pendingRuns }: LockSnapshot): boolean {
  const isRecorded = (spec.audit?.pending ?? []).length === 0;
  const isAlive = metadata.deletionTimestamp === undefined;
  return isAlive && spec.state === "Free" && isRecorded && pendingRuns.length === 0 && !holdsBack(spec);
}

/** Failures and blocks don't pass with time. */
function holdsBack({ workflows = [] }: TargetLock["spec"]): boolean {
  return workflows.some((entry) => stillMatters(entry, Infinity));
}

/** When (ms) the last cooldown ended, or the last execution, or the record was made. */
function lastMattered({ metadata, spec }: TargetLock): number {
  const times = (spec.workflows ?? []).flatMap(({ completedAt, cooldownEndsAt }) => [completedAt, cooldownEndsAt]);
  return Math.max(...[metadata.creationTimestamp, ...times].map((time) => fromTimestamp(time ?? "") || 0));
}
