/**
 * Keeps a store equal to what the API server has: list once, then watch, for ever.
 *
 * A watch that ends is resumed from the last version that it told. Only where the server no longer knows that version
 * (410), or where several resumptions in a row failed, is everything listed again. Between two connections there
 * is a jittered, growing delay; only a watch that lived for a while and was then closed in good order is resumed at once.
 */
import { ApiError } from "./api-error.ts";
import { backoffDelay, type BackoffPolicy, type Random } from "./backoff.ts";
import { followWatch, SilentWatch } from "./follow-watch.ts";
import { listAll } from "./list-all.ts";
import type { ListWatch } from "./list-watch.ts";
import { retryAfterMs } from "./retry-after.ts";
import { sleep } from "./sleep.ts";
import type { StoreFeed } from "./store.ts";
import type { Timers } from "./timers.ts";

/**
 * Why a list or watch ended: `closed` by the server in good order, `silent` too long, `expired` (410: the next one is a
 * list), or `failed`.
 */
export type RestartReason = "closed" | "silent" | "expired" | "failed";

/** Must not throw. */
export interface ReflectorHooks {
  /** A list or watch ended and will be tried again; the error is absent where it was closed in good order. */
  readonly onRestart?: (reason: RestartReason, error?: unknown) => void;
  /** The store holds a complete list for the first time. */
  readonly onSynced?: () => void;
}

export interface ReflectorSettings {
  /** Objects a list page. */
  readonly pageSize: number;
  /** A watch without event or bookmark for so long is given up. The API server sends bookmarks about once a minute. */
  readonly silenceMs: number;
  /** A watch that ends earlier counts as a failure for the backoff, however it ended. */
  readonly healthyAfterMs: number;
  /**
   * So many resumptions in a row failed (429 doesn't count), and everything is listed anew: the version may be one that
   * the server refuses without saying 410, or the next event one that can't be read.
   */
  readonly maxFailedResumes: number;
  readonly backoff: BackoffPolicy;
}

const defaultReflectorSettings: ReflectorSettings = {
  pageSize: 500,
  silenceMs: 3 * 60_000,
  healthyAfterMs: 1000,
  maxFailedResumes: 3,
  backoff: { baseMs: 1000, maxMs: 30_000, jitter: "equal" },
};

export interface ReflectorOptions<T, P> {
  readonly source: ListWatch<T>;
  readonly store: StoreFeed<T, P>;
  readonly timers: Timers;
  readonly random: Random;
  readonly hooks?: ReflectorHooks;
  readonly settings?: Partial<ReflectorSettings>;
}

export interface Reflector {
  /** Lists and watches until the signal aborts; returns soon after. Never rejects, never gives up. To be called once. */
  run(signal: AbortSignal): Promise<void>;
  /** True once the store held a complete list, false if the reflector was stopped before that. */
  readonly synced: Promise<boolean>;
  isSynced(): boolean;
}

/** A reflector that fills the store from the source once it runs. */
export function createReflector<T, P>(options: ReflectorOptions<T, P>): Reflector {
  return new ListWatchReflector(options);
}

/** How one try (a list where needed, then a watch) ended. */
interface Ending {
  readonly reason: RestartReason;
  readonly error?: unknown;
  /** The watch worked: it lived for a while, and told something or was closed in good order. */
  readonly healthy: boolean;
}

class ListWatchReflector<T, P> implements Reflector {
  readonly synced: Promise<boolean>;
  readonly #options: ReflectorOptions<T, P>;
  readonly #settings: ReflectorSettings;
  readonly #resolveSynced: (synced: boolean) => void;
  #isSynced = false;
  #mustList = true;
  #watchingSince: number | undefined;
  #seenAtStart: string | undefined;
  #failures = 0;
  #failedResumes = 0;

  constructor(options: ReflectorOptions<T, P>) {
    this.#options = options;
    this.#settings = { ...defaultReflectorSettings, ...options.settings };
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.synced = promise;
    this.#resolveSynced = resolve;
  }

  isSynced(): boolean {
    return this.#isSynced;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const ending = await this.#listAndWatch(signal);
      if (isAborted(signal)) break;
      this.#options.hooks?.onRestart?.(ending.reason, ending.error);
      await sleep(this.#options.timers, this.#delayAfter(ending), signal);
    }
    this.#resolveSynced(false);
  }

  async #listAndWatch(signal: AbortSignal): Promise<Ending> {
    this.#watchingSince = undefined;
    try {
      if (this.#mustList) await this.#list(signal);
      await this.#watch(signal);
      return { reason: "closed", healthy: this.#watchedLongEnough() };
    } catch (error) {
      const healthy = this.#watchedLongEnough() && this.#options.store.lastSeen() !== this.#seenAtStart;
      return { reason: reasonOf(error), error, healthy };
    }
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { source, store } = this.#options;
    const { objects, resourceVersion } = await listAll(source, {
      keep: store.project,
      pageSize: this.#settings.pageSize,
      signal,
    });
    store.replaceAll(objects, resourceVersion);
    this.#mustList = false;
    this.#failedResumes = 0;
    if (this.#isSynced) return;
    this.#isSynced = true;
    this.#resolveSynced(true);
    this.#options.hooks?.onSynced?.();
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { timers, store } = this.#options;
    const from = store.lastSeen();
    if (from === undefined) throw new Error("a watch needs a list before it");
    this.#watchingSince = timers.now();
    this.#seenAtStart = from;
    await followWatch({ ...this.#options, silenceMs: this.#settings.silenceMs }, from, signal);
  }

  #watchedLongEnough(): boolean {
    const since = this.#watchingSince;
    return since !== undefined && this.#options.timers.now() - since >= this.#settings.healthyAfterMs;
  }

  /** Milliseconds to wait before the next try; also decides whether that one lists. */
  #delayAfter(ending: Ending): number {
    this.#failedResumes = isFailure(ending) ? this.#failedResumes + 1 : 0;
    if (ending.reason === "expired" || this.#failedResumes >= this.#settings.maxFailedResumes) {
      this.#mustList = true;
      this.#failedResumes = 0;
    }
    if (ending.healthy) this.#failures = 0;
    if (ending.healthy && ending.reason === "closed") return 0;
    const delay = backoffDelay(this.#settings.backoff, this.#failures, this.#options.random);
    this.#failures += 1;
    return Math.max(delay, retryAfterMs(ending.error));
  }
}

/** A getter that TypeScript doesn't narrow: the signal may abort during an await. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function reasonOf(error: unknown): RestartReason {
  if (error instanceof SilentWatch) return "silent";
  return error instanceof ApiError && error.facts.kind === "expired" ? "expired" : "failed";
}

/** Whether resuming may be to blame: an overloaded server would suffer even more from a list. */
function isFailure({ healthy, error }: Ending): boolean {
  const overloaded = error instanceof ApiError && error.facts.code === 429;
  return !healthy && error !== undefined && !overloaded;
}
