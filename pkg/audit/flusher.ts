import type { TargetLock } from "../api/target-lock.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import { auditedExecution } from "./audited-execution.ts";
import { auditedLock } from "./audited-lock.ts";
import type { Audited, AuditedRef } from "./audited.ts";
import { Backlog, type BacklogSize, type Receipt, type Work } from "./backlog.ts";
import { KnownEnd } from "./known-end.ts";
import type { OutstandingEvents } from "./outstanding.ts";
import type { EventRow } from "./event-content.ts";
import { buildEventRow, type RowContext } from "./event-row.ts";
import { receiptOf } from "./receipt-of.ts";
import { sendRows } from "./send-rows.ts";
import type { Append } from "./send-rows.ts";
import { buildTrailRow, forkEvent, type TrailEvent } from "./trail-event.ts";
import type { Anchor } from "./verify/trail-check.ts";

export interface FlusherOptions extends RowContext {
  /** Records events; see append.ts. */
  readonly append: Append;
  /** The hash of a row of the trail, lower-case hex; undefined where there is no such row. */
  readonly hashAt: (seq: number) => Promise<string | undefined>;
  /** All executions and target locks that are there: what they keep is sent again where the trail has lost rows. */
  readonly present: () => Present;
  /** Done once before the first event is recorded, and tried again until it succeeds: the migrations. */
  readonly prepare?: () => Promise<unknown>;
  /** The API server's clock, milliseconds: receipts are compared with its times. */
  readonly now: () => number;
  /** How long to wait after so many failures in a row (1, 2, …), milliseconds. */
  readonly retryDelayMs: (failures: number) => number;
  /** About how many events are recorded in one transaction; default 100. */
  readonly batchSize?: number;
  readonly hooks?: FlusherHooks;
}

export interface Present {
  readonly executions: Iterable<WorkflowExecution>;
  readonly locks: Iterable<TargetLock>;
}

/** What an observer may want to know. None of them may throw. */
export interface FlusherHooks {
  /** The trail has lost this row, and maybe others. What the objects that are there still have is sent again. */
  readonly onLoss?: (lost: Anchor) => void;
  /** There is a new receipt for this object: whoever reconciles it can fold the receipt in. */
  readonly onReceipt?: (object: AuditedRef) => void;
  /** A batch was recorded and its receipts were told: what is outstanding may be less now. */
  readonly onSettled?: () => void;
  readonly onRecorded?: (batch: { readonly rows: readonly EventRow[]; readonly durationMs: number }) => void;
  /** An event will never be recorded as it is. To be reported loudly: the trail and the outbox contradict each other. */
  readonly onRefused?: (refusal: Refusal) => void;
  /** PostgreSQL couldn't be reached or didn't answer as it should. It is tried again. */
  readonly onFailure?: (failure: FlusherFailure) => void;
}

export interface Refusal {
  readonly object: AuditedRef | { readonly kind: "trail"; readonly name: string };
  readonly eventId: string;
  readonly ordinal: number;
  readonly type: string;
  readonly reason: string;
}

export interface FlusherFailure {
  readonly error: unknown;
  /** In a row. */
  readonly failures: number;
  readonly retryInMs: number;
}

/**
 * Brings the outboxes of executions and target locks to PostgreSQL, in batches, one after another, for as long as it takes. It never
 * throws and never lets anybody wait; what it forgets in a crash is still in the outboxes and is offered again.
 */
export interface Flusher {
  /** To be called with every new state of an execution. Cheap; the work is done later. */
  offer(execution: WorkflowExecution): void;
  /** To be called with every new state of a target lock. */
  offerLock(lock: TargetLock): void;
  /** To be called when an execution or a lock is gone. */
  forget(uid: string): void;
  /** What is recorded of an execution or a lock beyond what its own receipt says. */
  receipt(uid: string): Receipt | undefined;
  backlog(): BacklogSize;
  /** The part of the backlog that can still be recorded. Cheap, unlike `backlog`. */
  outstanding(): OutstandingEvents;
  /**
   * Records an event about the trail itself, before all else. It is kept in memory alone, and of very many only the newest:
   * what must not be lost belongs into an outbox.
   */
  note(event: TrailEvent): void;
  /**
   * To be called when the trail may be another than before, as behind every new connection: whether it still has what it had
   * is asked before the next batch, at the latest now.
   *
   * @param anchor a row that it must have, as somebody outside of the database remembers it
   */
  doubt(anchor?: Anchor): void;
  /**
   * Records what is left, once, for at most this long, then does nothing any more. The pool may be ended after it.
   *
   * @returns how much stays in the outboxes
   */
  stop(limitMs: number): Promise<BacklogSize>;
}

/** A flusher that waits for offers. */
export function createFlusher(options: FlusherOptions): Flusher {
  return new BatchFlusher(options);
}

type Outcomes = Awaited<ReturnType<Append>>;

/** Events about the trail that are remembered while PostgreSQL is down. */
const MOST_NOTES = 100;

class BatchFlusher implements Flusher {
  readonly #options: FlusherOptions;
  readonly #backlog = new Backlog();
  readonly #end = new KnownEnd();
  readonly #notes: TrailEvent[] = [];
  #state: "open" | "stopping" | "closed" = "open";
  #running: Promise<void> | undefined;
  #prepared = false;
  #failures = 0;
  #wake: () => void = () => undefined;

  constructor(options: FlusherOptions) {
    this.#options = options;
  }

  offer(execution: WorkflowExecution): void {
    this.#take(auditedExecution(execution));
  }

  offerLock(lock: TargetLock): void {
    this.#take(auditedLock(lock));
  }

  forget(uid: string): void {
    this.#backlog.forget(uid);
  }

  receipt(uid: string): Receipt | undefined {
    return this.#backlog.receipt(uid);
  }

  backlog(): BacklogSize {
    return this.#backlog.size();
  }

  note(event: TrailEvent): void {
    this.#notes.push(event);
    this.#notes.splice(0, this.#notes.length - MOST_NOTES);
    this.#start();
  }

  doubt(anchor?: Anchor): void {
    this.#end.doubt(anchor);
    this.#start();
  }

  outstanding(): OutstandingEvents {
    return this.#backlog.outstanding();
  }

  async stop(limitMs: number): Promise<BacklogSize> {
    if (this.#state === "open") this.#state = "stopping";
    this.#wake();
    const limit = Promise.withResolvers<undefined>();
    const timer = setTimeout(limit.resolve, limitMs, undefined);
    await Promise.race([this.#running, limit.promise]);
    clearTimeout(timer);
    this.#state = "closed";
    return this.backlog();
  }

  #take(audited: Audited): void {
    if (this.#state !== "open") return;
    this.#end.told(audited);
    this.#backlog.offer(audited);
    this.#start();
  }

  #start(): void {
    if (this.#state === "open") this.#running ??= this.#run();
  }

  /** Does one thing after another until nothing is left that can be done. */
  async #run(): Promise<void> {
    // Offers that are made in one go end up in one batch, and none of them does the work itself.
    await new Promise((resolve) => setImmediate(resolve));
    for (let act = this.#nextAct(); act !== undefined; act = this.#nextAct()) {
      const error = await act().then(
        () => undefined,
        (reason: unknown) => reason ?? new Error("unknown failure"),
      );
      if (error === undefined) this.#failures = 0;
      // Whoever stops has no time to try again: the outboxes keep it.
      else if (this.#state === "open") await this.#waitAfter(error);
      else break;
    }
    this.#running = undefined;
  }

  #nextAct(): (() => Promise<unknown>) | undefined {
    if (this.#state === "closed") return undefined;
    const work = this.#backlog.next(this.#options.batchSize ?? 100);
    const isIdle = work.length === 0 && this.#notes.length === 0;
    if (isIdle && !this.#end.isDoubtful()) return undefined;
    if (!this.#prepared) return () => this.#prepare();
    if (this.#end.isDoubtful()) return () => this.#compare();
    return this.#notes.length > 0 ? () => this.#recordNotes() : () => this.#record(work);
  }

  async #prepare(): Promise<void> {
    await this.#options.prepare?.();
    this.#prepared = true;
  }

  /**
   * Asks whether the trail still has what it had. If not, that will be recorded, and everything is sent that is still there.
   *
   * @returns whether something was lost
   */
  async #compare(): Promise<boolean> {
    const lost = await this.#end.lostRow(this.#options.hashAt);
    if (lost === undefined) return false;
    const { hooks, now, present } = this.#options;
    hooks?.onLoss?.(lost);
    this.#end.forgetUntil(now());
    this.#notes.unshift(forkEvent(lost, now()));
    const { executions, locks } = present();
    for (const execution of executions) this.#backlog.offerAgain(auditedExecution(execution));
    for (const lock of locks) this.#backlog.offerAgain(auditedLock(lock));
    return true;
  }

  async #recordNotes(): Promise<void> {
    const notes = [...this.#notes];
    const rows = notes.map((event) => buildTrailRow(event, this.#options));
    const began = performance.now();
    const outcomes = await sendRows(this.#options.append, rows);
    this.#notes.splice(0, this.#notes.length, ...this.#notes.filter((event) => !notes.includes(event)));
    if (this.#state === "closed") return;
    this.#reportRecorded(rows, outcomes, performance.now() - began);
    // Of two controllers that notice the same loss, the first one's word counts.
    const own = rows.filter(({ event_type: type }) => type !== "chain.fork");
    this.#reportRefused({ kind: "trail", name: "audit" }, own, outcomes);
  }

  async #record(batch: readonly Work[]): Promise<void> {
    const items = batch.map((work) => ({ work, rows: this.#rowsOf(work) }));
    const rows = items.flatMap((item) => item.rows);
    const began = performance.now();
    const outcomes = await sendRows(this.#options.append, rows);
    // After stop has given up waiting, nobody listens any more.
    if (this.#state === "closed") return;
    // A connection that was opened for this may lead elsewhere, and this batch may be lost as well: it is sent again.
    if (this.#end.isDoubtful() && (await this.#compare())) return;
    this.#reportRecorded(rows, outcomes, performance.now() - began);
    const at = new Date(this.#options.now()).toISOString();
    for (const { work, rows: own } of items) {
      this.#reportRefused(work.audited.ref, own, outcomes);
      const isNew = this.#backlog.settle(work, receiptOf(own, outcomes, at));
      if (isNew) this.#options.hooks?.onReceipt?.(work.audited.ref);
    }
    this.#options.hooks?.onSettled?.();
  }

  #rowsOf({ audited, entries }: Work): readonly EventRow[] {
    return entries.map((entry) => buildEventRow(audited, entry, this.#options));
  }

  #reportRecorded(rows: readonly EventRow[], outcomes: Outcomes, durationMs: number): void {
    const recorded = rows.filter((row) => outcomes.get(row.event_id)?.kind === "recorded");
    this.#end.reached(outcomes.values());
    this.#options.hooks?.onRecorded?.({ rows: recorded, durationMs });
  }

  #reportRefused(object: Refusal["object"], rows: readonly EventRow[], outcomes: Outcomes): void {
    for (const { event_id: id, ordinal, event_type: type } of rows) {
      const outcome = outcomes.get(id);
      if (outcome?.kind !== "refused") continue;
      this.#options.hooks?.onRefused?.({ object, eventId: id, ordinal, type, reason: outcome.reason });
    }
  }

  async #waitAfter(error: unknown): Promise<void> {
    this.#failures += 1;
    const retryInMs = this.#options.retryDelayMs(this.#failures);
    this.#options.hooks?.onFailure?.({ error, failures: this.#failures, retryInMs });
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, retryInMs);
      this.#wake = (): void => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
