import type { AuditEntry } from "../api/workflow-execution.ts";
import { ackedOrdinal, entriesAfter, keptEntries, lastOrdinal } from "./audited.ts";
import type { Audited } from "./audited.ts";
import { Outstanding } from "./outstanding.ts";
import type { OutstandingEvents } from "./outstanding.ts";

/** Proof that the events of an object up to an ordinal are recorded. The controller folds it into the object. */
export interface Receipt {
  readonly ordinal: number;
  /** RFC 3339: when the commit was seen, by the API server's clock. */
  readonly at: string;
  /** Of the event with that ordinal: its place in the trail, and the hash of its row. */
  readonly seq: number;
  readonly hash: string;
}

/** Events of one object that are to be sent, oldest first. */
export interface Work {
  readonly audited: Audited;
  readonly entries: readonly AuditEntry[];
  /** These are all that the object still has, because the trail may have lost what it had. */
  readonly isAgain: boolean;
}

export interface BacklogSize {
  /** Events that are not known to be recorded. */
  readonly events: number;
  /** Executions and target locks whose events these are. */
  readonly objects: number;
  /** Objects of these that have an event which was refused. */
  readonly refused: number;
  /** When the oldest of the events happened (RFC 3339). */
  readonly oldestAt?: string;
}

/**
 * Which objects have events in their outbox that still have to be recorded, and the receipts that they don't have yet.
 * Holds at most one state of each object; the outbox in etcd is the real one, so nothing is lost with this memory.
 */
export class Backlog {
  /** By uid, in the order in which they came: the first ones are served first. */
  readonly #waiting = new Map<string, Audited>();
  readonly #receipts = new Map<string, Receipt>();
  /** By uid, the resourceVersion whose events were not all taken. Tried again only with another version. */
  readonly #refused = new Map<string, string | undefined>();
  /** By uid: objects whose committed events are sent once more too. */
  readonly #again = new Set<string>();
  readonly #outstanding = new Outstanding();

  /** Takes in a state of an object. One that is older than what is known changes nothing. */
  offer(audited: Audited): void {
    const { uid } = audited;
    if (uid === "") return;
    if (isFolded(this.#receipts.get(uid), audited)) this.#receipts.delete(uid);
    const known = this.#waiting.get(uid);
    if (known !== undefined && lastOrdinal(known) > lastOrdinal(audited)) return;
    if (this.#unrecorded(audited).length > 0) this.#waiting.set(uid, audited);
    else this.#drop(uid);
    this.#count(uid);
  }

  /** Takes in an object of which the trail may have lost what was recorded: all that it still has is sent once more. */
  offerAgain(audited: Audited): void {
    const { uid } = audited;
    if (uid === "" || keptEntries(audited).length === 0) return;
    this.#drop(uid);
    this.#receipts.delete(uid);
    this.#again.add(uid);
    this.#waiting.set(uid, audited);
    this.#count(uid);
  }

  /** Drops everything about an object that is gone. */
  forget(uid: string): void {
    this.#drop(uid);
    this.#count(uid);
    this.#receipts.delete(uid);
  }

  receipt(uid: string): Receipt | undefined {
    return this.#receipts.get(uid);
  }

  /** What to send next: whole outboxes, until there are at least `events` events. Leaves them in the backlog. */
  next(events: number): readonly Work[] {
    const batch: Work[] = [];
    let count = 0;
    for (const audited of this.#waiting.values()) {
      if (count >= events) break;
      if (this.#isSetAside(audited)) continue;
      const entries = this.#unrecorded(audited);
      batch.push({ audited, entries, isAgain: this.#again.has(audited.uid) });
      count += entries.length;
    }
    return batch;
  }

  /**
   * Notes what became of the events that were sent. Meanwhile the object may have gone on or be gone.
   *
   * @param receipt for the last event of the unbroken row of recorded ones, if there is any
   * @returns whether there is a new receipt
   */
  settle(work: Work, receipt: Receipt | undefined): boolean {
    const { uid, resourceVersion } = work.audited;
    const latest = this.#waiting.get(uid);
    // What was lost meanwhile is sent again as a whole.
    if (latest === undefined || work.isAgain !== this.#again.has(uid)) return false;
    this.#again.delete(uid);
    const isNew = receipt !== undefined && !isFolded(receipt, latest);
    if (isNew) this.#receipts.set(uid, receipt);
    if (receipt?.ordinal !== work.entries.at(-1)?.ordinal) this.#refused.set(uid, resourceVersion);
    else if (this.#unrecorded(latest).length === 0) this.#drop(uid);
    this.#count(uid);
    return isNew;
  }

  /**
   * What a start has to wait for where there is too much of it. Without the events that were refused, because who waits for
   * these waits for a person, and without those that are sent once more. Cheap.
   */
  outstanding(): OutstandingEvents {
    return this.#outstanding.size();
  }

  /** All of it, for people: walks over everything. */
  size(): BacklogSize {
    let events = 0;
    let oldestAt: string | undefined;
    for (const audited of this.#waiting.values()) {
      const entries = this.#unrecorded(audited);
      events += entries.length;
      const [oldest] = this.#overdue(audited);
      oldestAt = earlier(oldestAt, oldest?.at);
    }
    const sizes = { events, objects: this.#waiting.size, refused: this.#refused.size };
    return oldestAt === undefined ? sizes : { ...sizes, oldestAt };
  }

  #unrecorded(audited: Audited): readonly AuditEntry[] {
    if (this.#again.has(audited.uid)) return keptEntries(audited);
    return entriesAfter(audited, Math.max(ackedOrdinal(audited), this.#receipts.get(audited.uid)?.ordinal ?? 0));
  }

  /** What was never on record: what is sent once more was so in time. */
  #overdue(audited: Audited): readonly AuditEntry[] {
    return this.#again.has(audited.uid) ? entriesAfter(audited, ackedOrdinal(audited)) : this.#unrecorded(audited);
  }

  #count(uid: string): void {
    const audited = this.#waiting.get(uid);
    const isOut = audited === undefined || this.#isSetAside(audited);
    this.#outstanding.note(uid, isOut ? [] : this.#overdue(audited));
  }

  #isSetAside({ uid, resourceVersion }: Audited): boolean {
    return this.#refused.has(uid) && this.#refused.get(uid) === resourceVersion;
  }

  #drop(uid: string): void {
    this.#waiting.delete(uid);
    this.#refused.delete(uid);
    this.#again.delete(uid);
  }
}

/** Whether the object says already what that receipt says, or something newer (isNews in pkg/execution/outbox.ts). */
function isFolded(receipt: Receipt | undefined, audited: Audited): boolean {
  if (receipt === undefined) return false;
  const { acked, hash } = audited.audit ?? {};
  if (ackedOrdinal(audited) !== receipt.ordinal) return ackedOrdinal(audited) > receipt.ordinal;
  return hash === receipt.hash || Date.parse(acked?.at ?? "") >= Date.parse(receipt.at);
}

/** The earlier of two RFC 3339 times, as numbers: their texts may have different precision. */
function earlier(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Date.parse(b) < Date.parse(a) ? b : a;
}
