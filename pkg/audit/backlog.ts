import type { AuditEntry, WorkflowExecution } from "../api/workflow-execution.ts";

/** Proof that the events of an execution up to an ordinal are recorded. The controller folds it into the status. */
export interface Receipt {
  readonly ordinal: number;
  /** RFC 3339: when the commit was seen, by the API server's clock. */
  readonly at: string;
  /** Of the event with that ordinal: its place in the trail, and the hash of its row. */
  readonly seq: number;
  readonly hash: string;
}

/** The unrecorded events of one execution, oldest first. */
export interface Work {
  readonly execution: WorkflowExecution;
  readonly entries: readonly AuditEntry[];
}

export interface BacklogSize {
  /** Events that are not known to be recorded. */
  readonly events: number;
  readonly executions: number;
  /** Executions of these that have an event which was refused. */
  readonly refused: number;
  /** When the oldest of the events happened (RFC 3339). */
  readonly oldestAt?: string;
}

/**
 * Which executions have events in their outbox that still have to be recorded, and the receipts that are not yet in
 * their status. Holds at most one reference to each execution; the outbox in etcd is the real one, so nothing is lost
 * with this memory.
 */
export class Backlog {
  /** By uid, in the order in which they came: the first ones are served first. */
  readonly #waiting = new Map<string, WorkflowExecution>();
  readonly #receipts = new Map<string, Receipt>();
  /** By uid, the resourceVersion whose events were not all taken. Tried again only with another version. */
  readonly #refused = new Map<string, string | undefined>();

  /** Takes in a state of an execution. One that is older than what is known changes nothing. */
  offer(execution: WorkflowExecution): void {
    const uid = execution.metadata.uid;
    if (uid === undefined) return;
    if (ackedOrdinal(execution) >= (this.#receipts.get(uid)?.ordinal ?? Infinity)) this.#receipts.delete(uid);
    const known = this.#waiting.get(uid);
    if (known !== undefined && lastOrdinal(known) > lastOrdinal(execution)) return;
    if (this.#unrecorded(uid, execution).length > 0) this.#waiting.set(uid, execution);
    else this.#drop(uid);
  }

  /** Drops everything about an execution that is gone. */
  forget(uid: string): void {
    this.#drop(uid);
    this.#receipts.delete(uid);
  }

  receipt(uid: string): Receipt | undefined {
    return this.#receipts.get(uid);
  }

  /** What to send next: whole executions, until there are at least `events` events. Leaves them in the backlog. */
  next(events: number): readonly Work[] {
    const batch: Work[] = [];
    let count = 0;
    for (const [uid, execution] of this.#waiting) {
      if (count >= events) break;
      if (this.#isSetAside(uid, execution)) continue;
      const entries = this.#unrecorded(uid, execution);
      batch.push({ execution, entries });
      count += entries.length;
    }
    return batch;
  }

  /**
   * Notes what became of the events that were sent. Meanwhile the execution may have gone on or be gone.
   *
   * @param receipt for the last event of the unbroken row of recorded ones, if there is any
   * @returns whether there is a new receipt
   */
  settle({ execution, entries }: Work, receipt: Receipt | undefined): boolean {
    const { uid, resourceVersion } = execution.metadata;
    const latest = uid === undefined ? undefined : this.#waiting.get(uid);
    if (uid === undefined || latest === undefined) return false;
    if (receipt !== undefined) this.#receipts.set(uid, receipt);
    if (receipt?.ordinal !== entries.at(-1)?.ordinal) this.#refused.set(uid, resourceVersion);
    else if (this.#unrecorded(uid, latest).length === 0) this.#drop(uid);
    return receipt !== undefined;
  }

  size(): BacklogSize {
    let events = 0;
    let oldestAt: string | undefined;
    for (const [uid, execution] of this.#waiting) {
      const entries = this.#unrecorded(uid, execution);
      events += entries.length;
      oldestAt = earlier(oldestAt, entries[0]?.at);
    }
    const sizes = { events, executions: this.#waiting.size, refused: this.#refused.size };
    return oldestAt === undefined ? sizes : { ...sizes, oldestAt };
  }

  #unrecorded(uid: string, execution: WorkflowExecution): readonly AuditEntry[] {
    const recorded = Math.max(ackedOrdinal(execution), this.#receipts.get(uid)?.ordinal ?? 0);
    return (execution.status?.audit?.pending ?? []).filter((entry) => entry.ordinal > recorded);
  }

  #isSetAside(uid: string, { metadata }: WorkflowExecution): boolean {
    return this.#refused.has(uid) && this.#refused.get(uid) === metadata.resourceVersion;
  }

  #drop(uid: string): void {
    this.#waiting.delete(uid);
    this.#refused.delete(uid);
  }
}

function ackedOrdinal(execution: WorkflowExecution): number {
  return execution.status?.audit?.acked?.ordinal ?? 0;
}

/** The number of the newest event that this state knows of: it grows with every change of state. */
function lastOrdinal(execution: WorkflowExecution): number {
  return execution.status?.audit?.pending?.at(-1)?.ordinal ?? ackedOrdinal(execution);
}

/** The earlier of two RFC 3339 times, as numbers: their texts may have different precision. */
function earlier(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Date.parse(b) < Date.parse(a) ? b : a;
}
