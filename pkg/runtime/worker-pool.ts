import { retryAfterMs } from "./retry-after.ts";
import type { Timers } from "./timers.ts";
import type { WorkQueue } from "./work-queue.ts";

export interface ReconcileResult {
  /** Work on the key again in so many milliseconds, even if nothing changes until then. */
  readonly requeueAfterMs?: number;
}

/** Does what is to be done for the key. The signal aborts when the pool no longer waits for it. */
export type Reconcile = (key: string, signal: AbortSignal) => Promise<ReconcileResult>;

export type ReconcileOutcome = "success" | "requeueAfter" | "error";

/** Must not throw: that would end the pool. */
export interface WorkerPoolHooks {
  readonly onReconciled?: (outcome: ReconcileOutcome, seconds: number) => void;
  /** The key is retried later. */
  readonly onError?: (key: string, error: unknown) => void;
}

export interface WorkerPoolOptions {
  readonly queue: WorkQueue;
  readonly reconcile: Reconcile;
  /** How many keys are worked on at the same time. */
  readonly workers: number;
  readonly timers: Timers;
  /** How long a stop waits for the running reconciles, in milliseconds. */
  readonly graceMs: number;
  readonly hooks?: WorkerPoolHooks;
}

/**
 * Works on the queue's keys until the signal aborts (or the queue is shut down). Then no key is taken any more, the running
 * ones may finish within graceMs, and after that they are abandoned: their signal aborts and nobody waits for them.
 * Gives the abandoned keys. Rejects only where a hook or the queue threw.
 */
export async function runWorkers(options: WorkerPoolOptions, signal: AbortSignal): Promise<readonly string[]> {
  const abandon = new AbortController();
  const running = new Set<string>();
  const workers = Array.from({ length: options.workers }, () => work(options, running, signal, abandon.signal));
  const grace = startGrace(options, signal);
  try {
    await Promise.race([Promise.all(workers), grace.isOver]);
  } finally {
    grace.cancel();
    abandon.abort();
  }
  return [...running];
}

async function work(
  options: WorkerPoolOptions,
  running: Set<string>,
  stop: AbortSignal,
  abandon: AbortSignal,
): Promise<void> {
  for (let key = await options.queue.take(stop); key !== undefined; key = await options.queue.take(stop)) {
    running.add(key);
    try {
      await reconcileKey(options, key, abandon);
    } finally {
      running.delete(key);
      options.queue.done(key);
    }
  }
}

async function reconcileKey(options: WorkerPoolOptions, key: string, abandon: AbortSignal): Promise<void> {
  const startedAt = options.timers.now();
  const outcome = await reconcileAndRequeue(options, key, abandon);
  if (abandon.aborted) return;
  options.hooks?.onReconciled?.(outcome, (options.timers.now() - startedAt) / 1000);
}

/** The one place that maps results to the queue. */
async function reconcileAndRequeue(
  { queue, reconcile, hooks }: WorkerPoolOptions,
  key: string,
  abandon: AbortSignal,
): Promise<ReconcileOutcome> {
  try {
    const { requeueAfterMs } = await reconcile(key, abandon);
    if (requeueAfterMs !== undefined) queue.addAfter(key, requeueAfterMs);
    queue.forget(key);
    return requeueAfterMs === undefined ? "success" : "requeueAfter";
  } catch (error) {
    // What an abandoned reconcile says about its abortion is no news.
    if (!abandon.aborted) {
      queue.addRateLimited(key, retryAfterMs(error));
      hooks?.onError?.(key, error);
    }
    return "error";
  }
}

interface Grace {
  readonly isOver: Promise<void>;
  readonly cancel: () => void;
}

/** A promise that is resolved graceMs after the signal aborts. (Where it is aborted already, nothing runs to wait for.) */
function startGrace({ timers, graceMs }: WorkerPoolOptions, signal: AbortSignal): Grace {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let cancelTimer: (() => void) | undefined;
  signal.addEventListener("abort", begin, { once: true });
  return { isOver: promise, cancel };

  function begin(): void {
    cancelTimer = timers.after(graceMs, () => {
      resolve(undefined);
    });
  }
  function cancel(): void {
    signal.removeEventListener("abort", begin);
    cancelTimer?.();
  }
}
