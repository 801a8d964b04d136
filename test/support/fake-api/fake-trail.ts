import type { AuditEntry } from "../../../pkg/api/workflow-execution.ts";
import { eventName } from "../../../pkg/execution/outbox.ts";
import type { AuditReceipt } from "../../../pkg/execution/snapshot.ts";

/** Who has events to be committed: an execution or a lock. */
export interface Outbox {
  readonly uid: string;
  readonly pending: readonly AuditEntry[];
}

/** The audit trail in memory: what is committed stays, the same event is committed only once. */
export class FakeTrail {
  readonly #rows = new Map<string, { readonly uid: string; readonly entry: string; readonly name: string }>();
  /** Events that came again with another content: outbox and trail contradict each other. */
  readonly contradictions: string[] = [];
  isReachable = true;

  /** Commits an outbox. Gives the receipt of the last event; undefined where nothing is to be committed. */
  commit({ uid, pending }: Outbox, at: string): AuditReceipt | undefined {
    if (!this.isReachable) return undefined;
    for (const entry of pending) this.#append(uid, entry);
    const ordinal = pending.at(-1)?.ordinal;
    return ordinal === undefined ? undefined : { ordinal, at, seq: this.#rows.size, hash: `hash-${String(ordinal)}` };
  }

  #append(uid: string, entry: AuditEntry): void {
    const id = `${uid}:${String(entry.ordinal)}`;
    const text = JSON.stringify(entry);
    const known = this.#rows.get(id);
    if (known === undefined) this.#rows.set(id, { uid, entry: text, name: eventName(entry.type) });
    else if (known.entry !== text) this.contradictions.push(id);
  }

  /** The names of the committed events of an execution or a lock, in their order. */
  eventsOf(uid: string): readonly string[] {
    return [...this.#rows.values()].filter((row) => row.uid === uid).map(({ name }) => name);
  }
}
