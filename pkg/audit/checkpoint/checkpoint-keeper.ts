import type { KeyObject } from "node:crypto";
import type { ConfigMap } from "../../api/core.ts";
import { toTimestamp } from "../../api/time.ts";
import type { CheckpointStore } from "../../controller/ports.ts";
import type { Database } from "../append.ts";
import { forkEvent, type TrailEvent } from "../trail-event.ts";
import type { Anchor } from "../verify/trail-check.ts";
import { readRecord, writeRecord, type CheckpointRecord } from "./checkpoint-record.ts";
import { parseCheckpoint, type Checkpoint, type WrittenCheckpoint } from "./checkpoint.ts";
import { lostCheckpoints } from "./lost-checkpoints.ts";
import { signCheckpoint } from "./sign-checkpoint.ts";
import { readTrailEnd, type TrailEnd } from "./trail-end.ts";
import { allOf, trustRecord } from "./trust-record.ts";

export interface CheckpointKeeperOptions {
  readonly database: Database;
  readonly store: CheckpointStore;
  /** What records events about the trail, and compares it with what was said of it: the flusher. */
  readonly trail: Trail;
  /** Without it, checkpoints are written unsigned. */
  readonly signingKey?: KeyObject;
  /** Names this start of this controller, and no other one. */
  readonly recorder: string;
  readonly version: string;
  /** SHA-256 of the configuration that is in force. */
  readonly policyHash?: string;
  /** The API server's clock, milliseconds. */
  readonly now: () => number;
  /** Calls once, so many milliseconds from now; what it gives cancels that. */
  readonly after: (ms: number, run: () => void) => () => void;
  readonly intervalMs: number;
  readonly hooks?: CheckpointHooks;
}

interface Trail {
  note(event: TrailEvent): void;
  doubt(anchor: Anchor): void;
}

/** What an observer may want to know. None of them may throw. */
export interface CheckpointHooks {
  /** A checkpoint is kept. To be printed: whoever collects the log holds it too. */
  readonly onWritten?: (checkpoint: WrittenCheckpoint) => void;
  /** The trail no longer has what was said of it: to be reported loudly. */
  readonly onLost?: (lost: readonly WrittenCheckpoint[]) => void;
  /** Something was put in the place of a checkpoint that is none, or names our key and isn't signed by it. */
  readonly onForged?: (text: string) => void;
  /** PostgreSQL or the API server couldn't be asked. It is tried again after the next interval. */
  readonly onFailure?: (error: unknown) => void;
}

/**
 * Says outside of the database where the trail ends, again and again (audit.md section 4), and notes in the trail when a
 * controller starts and stops. It never throws and disturbs nobody; several controllers may do so at once.
 */
export interface CheckpointKeeper {
  /** Reads what was said before, tells the trail, and begins. */
  start(): void;
  /** Notes that the controller stops. Before the trail is told to stop. */
  noteStop(): void;
  /** Writes a last checkpoint, in at most so many milliseconds, then does nothing any more. After the trail has stopped. */
  stop(limitMs: number): Promise<void>;
}

/** A keeper that waits for its start. */
export function createCheckpointKeeper(options: CheckpointKeeperOptions): CheckpointKeeper {
  return new IntervalKeeper(options);
}

/** Until what was said before is read: the flusher waits for it with its first comparison. */
const START_RETRY_MS = 2_000;
/** How often a checkpoint is written anew at once because another controller was faster. */
const TRIES = 3;

class IntervalKeeper implements CheckpointKeeper {
  readonly #options: CheckpointKeeperOptions;
  #state: "open" | "stopping" | "closed" = "open";
  #hasBegun = false;
  #running: Promise<void> = Promise.resolve();
  #cancel: () => void = () => undefined;

  constructor(options: CheckpointKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#run(() => this.#begin());
  }

  noteStop(): void {
    if (this.#hasBegun) this.#note("audit.stopped", "ControllerStopped");
  }

  async stop(limitMs: number): Promise<void> {
    this.#state = "stopping";
    this.#cancel();
    const limit = Promise.withResolvers<undefined>();
    const cancel = this.#options.after(limitMs, () => {
      limit.resolve(undefined);
    });
    await Promise.race([this.#running.then(() => this.#writeLast()), limit.promise]);
    cancel();
    this.#state = "closed";
  }

  /** One thing at a time, and the next one an interval after it. */
  #run(work: () => Promise<void>): void {
    this.#running = this.#attempt(work).then(() => {
      if (this.#state !== "open") return;
      const { after, intervalMs } = this.#options;
      this.#cancel = this.#hasBegun
        ? after(intervalMs, () => {
            this.#run(() => this.#write());
          })
        : after(Math.min(intervalMs, START_RETRY_MS), () => {
            this.#run(() => this.#begin());
          });
    });
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.#state !== "closed") this.#options.hooks?.onFailure?.(error);
    }
  }

  async #begin(): Promise<void> {
    const { trail, policyHash } = this.#options;
    const { newest } = this.#recordOf(await this.#options.store.read());
    if (newest !== undefined) trail.doubt({ seq: newest.seq, hash: newest.hash });
    this.#note("audit.started", "ControllerStarted");
    if (newest?.policyHash !== undefined && policyHash !== undefined && newest.policyHash !== policyHash) {
      this.#note("config.changed", "Policy", { before: newest.policyHash });
    }
    this.#hasBegun = true;
  }

  async #writeLast(): Promise<void> {
    // Who never read what was said before has noted nothing either.
    if (this.#hasBegun) await this.#attempt(() => this.#write());
  }

  async #write(): Promise<void> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (await this.#writeOnce()) return;
    }
  }

  /** False where another controller was faster: then all has to be looked at again. */
  async #writeOnce(): Promise<boolean> {
    const { store, database, hooks } = this.#options;
    const stored = await store.read();
    const record = this.#recordOf(stored);
    const end = await readTrailEnd(database);
    const lost = await lostCheckpoints(database, end, allOf(record));
    if (lost.length === 0 && !this.#hasMoved(end, record.newest)) return true;
    const next = this.#build(record, end, lost.length > 0 ? 1 : 0);
    if (!(await store.write(stored, writeRecord(record, next, lost)))) return false;
    this.#tellLost(lost);
    hooks?.onWritten?.(next);
    if (next.isNoted) this.#noteCheckpoint(next);
    return true;
  }

  /**
   * Whether there is more in the trail than the event that tells of the last checkpoint: else each would be followed by
   * another one for ever. The last one of a controller is written for that event too.
   */
  #hasMoved(end: TrailEnd, newest: WrittenCheckpoint | undefined): boolean {
    const ownEvents = this.#state === "open" && newest?.isNoted === true ? 1 : 0;
    return newest === undefined || end.seq > newest.seq + ownEvents;
  }

  #build(record: CheckpointRecord, end: TrailEnd, newForks: number): WrittenCheckpoint {
    const { signingKey, policyHash, now } = this.#options;
    const checkpoint: Checkpoint = {
      ...end,
      time: new Date(now()).toISOString(),
      forks: Math.max(0, ...allOf(record).map(({ forks }) => forks)) + newForks,
      isNoted: this.#state === "open",
      ...(policyHash === undefined ? {} : { policyHash }),
    };
    const text = signCheckpoint(checkpoint, signingKey);
    const written = parseCheckpoint(text);
    if (written === undefined) throw new Error(`a checkpoint was built that can't be read: ${text}`);
    return written;
  }

  /** The flusher sends again what is there, where rows are gone. It can't know of a row that was rewritten: that is noted here. */
  #tellLost(lost: readonly WrittenCheckpoint[]): void {
    const { trail, now, hooks } = this.#options;
    const newest = lost.toSorted((a, b) => a.seq - b.seq).at(-1);
    if (newest === undefined) return;
    const { seq, hash } = newest;
    trail.note(forkEvent({ seq, hash }, now()));
    trail.doubt({ seq, hash });
    hooks?.onLost?.(lost);
  }

  #recordOf({ data }: ConfigMap): CheckpointRecord {
    const record = readRecord(data);
    const trusted = trustRecord(record, this.#options.signingKey);
    const wrong = [...record.unreadable.map((key) => data?.[key] ?? ""), ...trusted.forged];
    for (const text of wrong) this.#options.hooks?.onForged?.(text);
    return trusted;
  }

  #noteCheckpoint({ seq, hash, timeline, time, forks, keyId }: Checkpoint): void {
    const facts = { seq: String(seq), hash, time, forks: String(forks) };
    const more = { ...(timeline === undefined ? {} : { timeline }), ...(keyId === undefined ? {} : { keyId }) };
    this.#note("audit.checkpoint", undefined, { ...facts, ...more }, time);
  }

  #note(type: TrailEvent["type"], reason?: string, facts: TrailEvent["facts"] = {}, which = ""): void {
    const { recorder, version, policyHash, now, trail } = this.#options;
    trail.note({
      type,
      key: `${recorder}:${which}`,
      at: toTimestamp(now()),
      ...(reason === undefined ? {} : { reason }),
      facts: { recorder, version, ...(policyHash === undefined ? {} : { policyHash }), ...facts },
    });
  }
}
