import type { RequestOptions } from "node:https";
import type { Dispatcher } from "undici";
import type { Timers } from "../runtime/timers.ts";
import { createDispatcher } from "./dispatcher.ts";

/** The pool of connections; a new one when TLS itself changes (a certificate or CA that rotates). */
export interface Pools {
  /** The pool for these TLS settings: the same as long as they are the same. */
  fitting(tls: RequestOptions, proxyUrl: string | undefined): Dispatcher;
  /** Closes all connections, of replaced pools too; requests under way fail. */
  close(): Promise<void>;
}

/**
 * When a replaced pool is destroyed: later than any watch on it has come to its own end. It isn't closed instead,
 * because undici forgets the connections of an agent that is closing: nothing could then end them before their time.
 */
const RETIRED_MS = 15 * 60_000;

/** No pool yet: the first one is made when it is asked for. */
export function createPools(timers: Timers): Pools {
  let current: { readonly fingerprint: string; readonly dispatcher: Dispatcher } | undefined;
  /** Replaced ones, each with what cancels its planned end. */
  const retired = new Map<Dispatcher, () => void>();

  function fitting(tls: RequestOptions, proxyUrl: string | undefined): Dispatcher {
    const { ca, cert, key, servername, rejectUnauthorized } = tls;
    const fingerprint = JSON.stringify([ca, cert, key, servername, rejectUnauthorized, proxyUrl]);
    if (current?.fingerprint === fingerprint) return current.dispatcher;
    const dispatcher = createDispatcher(tls, proxyUrl);
    if (current !== undefined) retire(current.dispatcher);
    current = { fingerprint, dispatcher };
    return dispatcher;
  }

  function retire(old: Dispatcher): void {
    const cancel = timers.after(RETIRED_MS, () => {
      retired.delete(old);
      void old.destroy();
    });
    retired.set(old, cancel);
  }

  async function close(): Promise<void> {
    for (const cancel of retired.values()) cancel();
    const all = [...retired.keys()].concat(current === undefined ? [] : [current.dispatcher]);
    retired.clear();
    await Promise.all(all.map((dispatcher) => dispatcher.destroy()));
  }
  return { fitting, close };
}
