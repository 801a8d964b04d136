import type { AuditEntry } from "../api/workflow-execution.ts";

/** Events that still have to be recorded, and can be. */
export interface OutstandingEvents {
  readonly events: number;
  /** When the oldest of them happened (RFC 3339). */
  readonly oldestAt?: string;
}

interface Share {
  readonly events: number;
  readonly oldestAt: string;
  /** The same in milliseconds: texts may have different precision. */
  readonly oldestMs: number;
}

/**
 * Counts the outstanding events as they come and go. It is asked at every look at an execution: to walk over ten thousand
 * objects each time would cost milliseconds.
 */
export class Outstanding {
  /** By uid of the object whose events these are. */
  readonly #shares = new Map<string, Share>();
  #events = 0;
  /** Uid of the object with the oldest event; undefined where that has to be looked for. */
  #oldest: string | undefined;

  /** Takes what is outstanding of an object now, oldest first. */
  note(uid: string, entries: readonly AuditEntry[]): void {
    const before = this.#shares.get(uid);
    this.#events += entries.length - (before?.events ?? 0);
    const [first] = entries;
    if (first === undefined) this.#shares.delete(uid);
    else this.#shares.set(uid, { events: entries.length, oldestAt: first.at, oldestMs: Date.parse(first.at) });
    this.#updateOldest(uid, before);
  }

  /** All of it. Walks over the objects only where the oldest event is gone since the last time. */
  size(): OutstandingEvents {
    this.#oldest ??= this.#findOldest();
    const share = this.#share(this.#oldest);
    return share === undefined ? { events: 0 } : { events: this.#events, oldestAt: share.oldestAt };
  }

  #updateOldest(uid: string, before: Share | undefined): void {
    const now = this.#shares.get(uid);
    if (uid === this.#oldest) {
      if (now?.oldestMs !== before?.oldestMs) this.#oldest = undefined;
      return;
    }
    const oldest = this.#share(this.#oldest);
    if (now !== undefined && oldest !== undefined && now.oldestMs < oldest.oldestMs) this.#oldest = uid;
  }

  #findOldest(): string | undefined {
    let found: readonly [string, Share] | undefined;
    for (const [uid, share] of this.#shares) {
      if (found === undefined || share.oldestMs < found[1].oldestMs) found = [uid, share];
    }
    return found?.[0];
  }

  #share(uid: string | undefined): Share | undefined {
    return uid === undefined ? undefined : this.#shares.get(uid);
  }
}
