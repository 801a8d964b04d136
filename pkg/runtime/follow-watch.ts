import { abortable } from "./abortable.ts";
import { ApiError } from "./api-error.ts";
import type { ListWatch, WatchEvent, WatchStatus } from "./list-watch.ts";
import type { StoreFeed } from "./store.ts";
import type { Timers } from "./timers.ts";

/** The watch said nothing for too long, not even a bookmark: its connection may be dead without our having been told. */
export class SilentWatch extends Error {
  constructor(silenceMs: number) {
    super(`no event and no bookmark for ${silenceMs.toString()} ms`);
    this.name = "SilentWatch";
  }
}

export interface FollowWatchOptions<T, P> {
  readonly source: ListWatch<T>;
  readonly store: StoreFeed<T, P>;
  readonly timers: Timers;
  readonly silenceMs: number;
}

/**
 * Feeds the store from one watch, one event at a time, until the server closes it. Throws SilentWatch, the ApiError of
 * an ERROR event, what the watch itself threw, or the signal's reason. The connection is let go in each case.
 */
export async function followWatch<T, P>(
  options: FollowWatchOptions<T, P>,
  resourceVersion: string,
  signal: AbortSignal,
): Promise<void> {
  const connection = new AbortController();
  const unlink = abortTogether(connection, signal);
  let iterator: AsyncIterator<WatchEvent<T>, unknown> | undefined;
  try {
    iterator = options.source.watch({ resourceVersion, signal: connection.signal })[Symbol.asyncIterator]();
    for (;;) {
      const next = await nextEvent(iterator, connection, options);
      if (next.done === true) return;
      takeEvent(options.store, next.value);
    }
  } finally {
    unlink();
    connection.abort();
    endIteration(iterator);
  }
}

/** AbortSignal.any with an end: the signal lives as long as the process, its listeners must not. */
function abortTogether(connection: AbortController, signal: AbortSignal): () => void {
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  return () => {
    signal.removeEventListener("abort", stop);
  };

  function stop(): void {
    connection.abort(signal.reason);
  }
}

async function nextEvent<T, P>(
  iterator: AsyncIterator<WatchEvent<T>, unknown>,
  connection: AbortController,
  { timers, silenceMs }: FollowWatchOptions<T, P>,
): Promise<IteratorResult<WatchEvent<T>, unknown>> {
  const cancelWatchdog = timers.after(silenceMs, () => {
    connection.abort(new SilentWatch(silenceMs));
  });
  try {
    return await abortable(iterator.next(), connection.signal);
  } finally {
    cancelWatchdog();
  }
}

function takeEvent<T, P>(store: StoreFeed<T, P>, event: WatchEvent<T>): void {
  if (event.type === "ERROR") throw errorOf(event.object);
  store.apply(event);
}

function errorOf(status: WatchStatus): ApiError {
  const { code = 500, reason, message = "", details } = status;
  const retryAfterSeconds = details?.retryAfterSeconds;
  return new ApiError(`watch: the server sent an error: ${code.toString()} ${reason ?? ""} ${message}`, {
    kind: code === 410 ? "expired" : "unknown",
    code,
    ...(reason !== undefined && { reason }),
    ...(retryAfterSeconds !== undefined && { retryAfterMs: retryAfterSeconds * 1000 }),
  });
}

/** Not awaited: a generator that hangs in a read wouldn't answer. What it still throws concerns nobody any longer. */
function endIteration(iterator: AsyncIterator<unknown, unknown> | undefined): void {
  const ended = iterator?.return?.();
  ended?.then(ignore, ignore);
}

function ignore(): void {
  // See endIteration.
}
