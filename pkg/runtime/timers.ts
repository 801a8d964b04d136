/** How the machinery waits. Real code is handed `realTimers`, tests timers that they step. */
export interface Timers {
  /** Milliseconds on a monotonic clock: for durations only, its zero means nothing. */
  now(): number;
  /** Calls `run` once, `ms` milliseconds from now. The returned function cancels; cancelling twice or too late is harmless. */
  after(ms: number, run: () => void): () => void;
}

/** The longest delay that Node's timers take: a longer one would fire at once. */
const longestTimeoutMs = 2 ** 31 - 1;

/** Timers of this process, good for any finite delay. */
export const realTimers: Timers = {
  now: () => performance.now(),
  after: startTimer,
};

function startTimer(ms: number, run: () => void): () => void {
  let handle = arm(ms);

  function arm(remaining: number): NodeJS.Timeout {
    if (remaining <= longestTimeoutMs) return setTimeout(run, remaining);
    return setTimeout(() => {
      handle = arm(remaining - longestTimeoutMs);
    }, longestTimeoutMs);
  }

  return () => {
    clearTimeout(handle);
  };
}
