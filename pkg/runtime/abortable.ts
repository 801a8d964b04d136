/**
 * The promise's outcome, or a rejection with the signal's reason as soon as it aborts. For foreign promises that may
 * ignore the signal that they were given: nobody waits for them any longer, and their late outcome is dropped.
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.finally(unlink).then(resolve, reject);

    function abort(): void {
      const reason: unknown = signal.reason;
      reject(reason instanceof Error ? reason : new Error(`aborted: ${String(reason)}`));
    }
    function unlink(): void {
      signal.removeEventListener("abort", abort);
    }
  });
}
