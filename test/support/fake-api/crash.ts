import type { Perform, Request } from "../../../pkg/controller/perform.ts";

/** The process is no more. */
export class Crash extends Error {
  constructor() {
    super("the process has crashed");
    this.name = "Crash";
  }
}

/** What becomes of the request at which a process crashes: it arrives, it never does, or only after the successor's start. */
export type Fate = "arrives" | "is lost" | "arrives late";

/** Crashes the process at its n-th write (from 1). A late request is handed to `later`. */
export function crashAt(n: number, fate: Fate, later: (request: () => Promise<unknown>) => void) {
  let writes = 0;
  return function around(perform: Perform): Perform {
    return async (step) => {
      if (isRead(step) || (writes += 1) !== n) return perform(step);
      if (fate === "arrives") await perform(step);
      if (fate === "arrives late") later(() => perform(step));
      throw new Crash();
    };
  };
}

function isRead(step: Request): boolean {
  return step.type === "Look" || step.type === "ReviewAccess";
}
