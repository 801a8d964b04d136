import type { Timers } from "../runtime/timers.ts";

/** A signal that fires after a time or with a caller's own signal, whichever comes first. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Starts the time anew. */
  restart(timeoutMs: number): void;
  /** Must be called when the work is over: lets go of the timer and of the caller's signal. */
  end(): void;
}

/** The signal's reason is a TimeoutError that names the time, or the reason of the caller's signal. */
export function startDeadline(timers: Timers, timeoutMs: number, outer?: AbortSignal): Deadline {
  const controller = new AbortController();
  let cancel = arm(timeoutMs);

  function arm(ms: number): () => void {
    return timers.after(ms, () => {
      controller.abort(new DOMException(`not complete within ${String(ms)} ms`, "TimeoutError"));
    });
  }
  function restart(ms: number): void {
    cancel();
    cancel = arm(ms);
  }
  function onAbort(): void {
    controller.abort(outer?.reason);
  }
  function end(): void {
    cancel();
    outer?.removeEventListener("abort", onAbort);
  }

  outer?.addEventListener("abort", onAbort, { once: true });
  if (outer?.aborted === true) onAbort();
  return { signal: controller.signal, restart, end };
}
