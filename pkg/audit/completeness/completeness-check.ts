import { checkObject } from "./check-object.ts";
import { comparedObject } from "./compared.ts";
import type { Compared } from "./compared.ts";
import type { Finding } from "./finding.ts";
import type { KnownObject } from "./known-object.ts";
import type { RecordedEvent } from "./recorded-event.ts";

/** A run in the cluster. */
export interface KnownRun {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** Whether it has left Pending: until then nothing has happened. */
  readonly isStarted: boolean;
}

/** What the cluster has, each list read in this order, and before the rows. */
export interface KnownCluster {
  readonly runs: readonly KnownRun[];
  readonly objects: readonly KnownObject[];
}

export interface PendingEvents {
  readonly events: number;
  readonly objects: number;
  /** RFC 3339; undefined where nothing waits. */
  readonly oldestAt: string | undefined;
}

/**
 * Compares cluster and trail: fed with the rows in the order of uid and ordinal, it keeps those of one object, and of the
 * cluster what is not yet seen in the trail.
 */
export class CompletenessCheck {
  readonly #objects: Map<string, KnownObject>;
  readonly #runs: Map<string, KnownRun>;
  readonly #droppedTo: number;
  readonly #suspects: Compared[] = [];
  readonly #clusters = new Set<string>();
  #pending: PendingEvents = { events: 0, objects: 0, oldestAt: undefined };
  #rows: RecordedEvent[] = [];
  #events = 0;
  #recorded = 0;

  constructor({ runs, objects }: KnownCluster, droppedTo: number) {
    this.#objects = new Map(objects.map((object) => [object.uid, object]));
    this.#runs = new Map(runs.filter(({ isStarted }) => isStarted).map((run) => [run.uid, run]));
    this.#droppedTo = droppedTo;
    // The intent is in the execution's status before the run starts; in the trail when it is recorded.
    for (const { pending } of objects) for (const { runUid = "" } of pending) this.#runs.delete(runUid);
  }

  /** How many events were read, and of how many objects. */
  get size(): { readonly events: number; readonly objects: number } {
    return { events: this.#events, objects: this.#recorded };
  }

  /** After finish: what waits in the cluster to be recorded. An event may be recorded before its object says so. */
  get pending(): PendingEvents {
    return this.#pending;
  }

  /** The clusters that the rows are from. */
  get clusters(): ReadonlySet<string> {
    return this.#clusters;
  }

  accept(row: RecordedEvent): void {
    if (row.uid !== this.#rows[0]?.uid) this.#closeObject();
    this.#rows.push(row);
    this.#events += 1;
    this.#clusters.add(row.clusterId);
    if (row.runUid !== null) this.#runs.delete(row.runUid);
  }

  /** After the last row: where something seems to be wrong. What changed while all was read has to be read again. */
  finish(): readonly Compared[] {
    this.#closeObject();
    for (const object of this.#objects.values()) this.#compare(object, []);
    this.#objects.clear();
    return this.#suspects;
  }

  /** After finish: runs that are in the cluster, and in no row. */
  unrecordedRuns(): readonly Finding[] {
    return [...this.#runs.values()].map(({ uid, namespace, name }) => ({
      kind: "unrecorded-run",
      subject: `PipelineRun ${namespace}/${name} (uid ${uid})`,
      detail: "it was started and no event names it: its row is missing, or somebody else made it with our label",
    }));
  }

  #closeObject(): void {
    const [first] = this.#rows;
    if (first === undefined) return;
    const object = this.#objects.get(first.uid);
    this.#objects.delete(first.uid);
    this.#compare(object, this.#rows);
    this.#rows = [];
    this.#recorded += 1;
  }

  #countPending(object: KnownObject | undefined, rows: readonly RecordedEvent[]): void {
    const recorded = new Set(rows.map(({ ordinal }) => ordinal));
    const waiting = (object?.pending ?? []).filter(({ ordinal }) => !recorded.has(ordinal));
    if (waiting.length === 0) return;
    const { events, objects, oldestAt } = this.#pending;
    const oldest = waiting.reduce((first, { at }) => earlier(first, at), oldestAt);
    this.#pending = { events: events + waiting.length, objects: objects + 1, oldestAt: oldest };
  }

  #compare(object: KnownObject | undefined, rows: readonly RecordedEvent[]): void {
    this.#countPending(object, rows);
    const comparison = { before: object, rows, after: object, droppedTo: this.#droppedTo };
    const compared = comparedObject(object, rows[0]);
    if (compared !== undefined && checkObject(comparison).length > 0) this.#suspects.push(compared);
  }
}

/** The earlier of two RFC 3339 times. */
function earlier(a: string | undefined, b: string): string {
  return a === undefined || Date.parse(b) < Date.parse(a) ? b : a;
}
