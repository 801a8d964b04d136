import { setTimeout as sleep } from "node:timers/promises";

/**
 * Like `Promise.all`, but leaves nothing running when it fails: a removal that follows must not be overtaken by a start
 * that still goes on.
 */
export async function settleAll(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

const pollIntervalMs = 50;

/**
 * Waits until `check` holds, asking again and again. An error that `check` throws ends the waiting.
 *
 * @param what completes the sentence "gave up waiting for …"
 */
export async function waitFor(
  what: string,
  deadlineMs: number,
  check: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`gave up waiting for ${what} after ${String(deadlineMs / 1000)} s`);
    await sleep(pollIntervalMs);
  }
}
