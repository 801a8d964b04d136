import type { Timers } from "./timers.ts";

/** Waits `ms` milliseconds, or until the signal aborts if that is earlier. Never rejects. */
export function sleep(timers: Timers, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const cancel = timers.after(ms, wake);
    signal.addEventListener("abort", wake, { once: true });

    function wake(): void {
      cancel();
      signal.removeEventListener("abort", wake);
      resolve();
    }
  });
}
