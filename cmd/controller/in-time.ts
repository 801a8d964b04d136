import type { Timers } from "../../pkg/runtime/timers.ts";

export interface Patience {
  readonly timers: Pick<Timers, "after">;
  readonly ms: number;
  /** Called where it takes longer. */
  readonly onLate: () => void;
}

/** What the promise says, but true where it says nothing in time. It must not reject. */
export function inTime(promise: Promise<boolean>, { timers, ms, onLate }: Patience): Promise<boolean> {
  const { promise: result, resolve } = Promise.withResolvers<boolean>();
  const cancel = timers.after(ms, () => {
    onLate();
    resolve(true);
  });
  void promise.then((value) => {
    cancel();
    resolve(value);
  });
  return result;
}
