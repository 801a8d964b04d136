import type { TargetLock } from "../../pkg/api/target-lock.ts";
import { lockName } from "../../pkg/lock/lock-name.ts";
import { NAMESPACE, type Platform } from "./platform.ts";

const DEADLINE_MS = 60_000;

/** The one spelling of a Deployment as target, by which it is locked and recorded. */
export function canonical(deployment: string): string {
  return `${NAMESPACE}/deployments.apps/${deployment}`;
}

/** Waits until the lock of a Deployment is as `check` wants it. */
export async function untilLock(
  { witness }: Platform,
  deployment: string,
  what: string,
  check: (spec: TargetLock["spec"]) => boolean,
): Promise<TargetLock> {
  const name = lockName(canonical(deployment));
  return witness.until(`the lock of ${canonical(deployment)} to be ${what}`, DEADLINE_MS, () => {
    const lock = witness.get("lock", name);
    return lock !== undefined && check(lock.spec) ? lock : undefined;
  });
}
