/**
 * The keys that wait for a worker: each at most once, oldest first. A key that is being worked on is never handed to a
 * second worker; if it is added meanwhile it queues again, at the end, when the first one is done. So it holds at most as
 * many entries as there are objects, and no change is lost: it is worked on after the change, at least once.
 */
import { backoffDelay, type BackoffPolicy, type Random } from "./backoff.ts";
import { Fifo } from "./fifo.ts";
import type { Timers } from "./timers.ts";

export interface WorkQueueHooks {
  /** A key was queued (not: added while it was queued already). */
  readonly onQueued?: () => void;
  /** A key was added for a retry after an error. */
  readonly onRetry?: () => void;
  /** A worker took a key that had been waiting for so many seconds. */
  readonly onTaken?: (waitedSeconds: number) => void;
}

export interface WorkQueueOptions {
  readonly timers: Timers;
  readonly random: Random;
  /** Delays of addRateLimited, per key. */
  readonly backoff: BackoffPolicy;
  readonly hooks?: WorkQueueHooks;
}

export interface WorkQueue {
  /** Asks that the key be worked on, from now. */
  add(key: string): void;
  /** Asks that the key be worked on in `delayMs` milliseconds; the earliest of several such wishes wins. Throws RangeError where not finite. */
  addAfter(key: string, delayMs: number): void;
  /** addAfter with a delay that doubles each time until `forget`, and is no shorter than `atLeastMs`. */
  addRateLimited(key: string, atLeastMs?: number): void;
  /** Ends the key's series of failures. */
  forget(key: string): void;
  /** The next key, as soon as there is one: the caller must call `done` with it. Undefined on abort and after shutdown. */
  take(signal: AbortSignal): Promise<string | undefined>;
  /** The worker that took the key has finished with it. */
  done(key: string): void;
  /** Keys that wait for a worker now. Delayed ones don't count. */
  depth(): number;
  /** From now on nothing is added and nothing handed out; what waited is dropped. Keys that are being worked on may still be `done`. */
  shutdown(): void;
}

/** An empty queue. */
export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  return new KeyQueue(options);
}

/** `dirty`: being worked on, and to be queued again after that. A key without an entry is idle. */
interface Entry {
  readonly state: "queued" | "running" | "dirty";
  /** When it was asked for, or taken. */
  readonly since: number;
}

interface Delayed {
  readonly dueAt: number;
  readonly cancel: () => void;
}

type Waiter = (key: string | undefined) => void;

class KeyQueue implements WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #delayed = new Map<string, Delayed>();
  readonly #failures = new Map<string, number>();
  readonly #waiters = new Set<Waiter>();
  #queued = new Fifo<string>();
  #isShutDown = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  add(key: string): void {
    if (this.#isShutDown) return;
    const entry = this.#entries.get(key);
    const since = this.#options.timers.now();
    if (entry === undefined) this.#enqueue(key, since);
    else if (entry.state === "running") this.#entries.set(key, { state: "dirty", since });
  }

  addAfter(key: string, delayMs: number): void {
    if (!Number.isFinite(delayMs)) throw new RangeError(`delay of ${key} is not finite: ${delayMs.toString()}`);
    if (this.#isShutDown) return;
    if (delayMs <= 0) {
      this.add(key);
      return;
    }
    const dueAt = this.#options.timers.now() + delayMs;
    const known = this.#delayed.get(key);
    if (known !== undefined && known.dueAt <= dueAt) return;
    known?.cancel();
    const cancel = this.#options.timers.after(delayMs, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, { dueAt, cancel });
  }

  addRateLimited(key: string, atLeastMs = 0): void {
    if (this.#isShutDown) return;
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    this.#options.hooks?.onRetry?.();
    const delay = backoffDelay(this.#options.backoff, failures, this.#options.random);
    this.addAfter(key, Math.max(delay, atLeastMs));
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }

  take(signal: AbortSignal): Promise<string | undefined> {
    if (this.#isShutDown || signal.aborted) return Promise.resolve(undefined);
    const key = this.#queued.shift();
    if (key === undefined) return this.#waitForKey(signal);
    this.#markRunning(key);
    return Promise.resolve(key);
  }

  done(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.state === "queued") throw new Error(`key ${key} is done but nobody took it`);
    this.#entries.delete(key);
    if (entry.state === "dirty" && !this.#isShutDown) this.#enqueue(key, entry.since);
  }

  depth(): number {
    return this.#queued.size;
  }

  shutdown(): void {
    this.#isShutDown = true;
    for (const delayed of this.#delayed.values()) delayed.cancel();
    this.#delayed.clear();
    this.#failures.clear();
    this.#queued = new Fifo();
    for (const waiter of [...this.#waiters]) waiter(undefined);
  }

  #enqueue(key: string, since: number): void {
    this.#entries.set(key, { state: "queued", since });
    this.#options.hooks?.onQueued?.();
    const [waiter] = this.#waiters;
    if (waiter === undefined) {
      this.#queued.push(key);
      return;
    }
    this.#markRunning(key);
    waiter(key);
  }

  #markRunning(key: string): void {
    const now = this.#options.timers.now();
    const since = this.#entries.get(key)?.since ?? now;
    this.#entries.set(key, { state: "running", since: now });
    this.#options.hooks?.onTaken?.((now - since) / 1000);
  }

  #waitForKey(signal: AbortSignal): Promise<string | undefined> {
    return new Promise((resolve) => {
      const waiters = this.#waiters;
      waiters.add(settle);
      signal.addEventListener("abort", giveUp, { once: true });

      function giveUp(): void {
        settle(undefined);
      }
      function settle(key: string | undefined): void {
        waiters.delete(settle);
        signal.removeEventListener("abort", giveUp);
        resolve(key);
      }
    });
  }
}
