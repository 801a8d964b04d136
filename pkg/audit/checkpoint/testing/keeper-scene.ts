import { hashOf } from "../../../../test/support/a-checkpoint.ts";
import { ORIGIN } from "../../../../test/support/audited-trail.ts";
import type { ConfigMap } from "../../../api/core.ts";
import type { CheckpointStore } from "../../../controller/ports.ts";
import { SteppedTimers } from "../../../runtime/testing/stepped-timers.ts";
import type { Database } from "../../append.ts";
import { hashAt } from "../../sql/hash-at.ts";
import type { TrailEvent } from "../../trail-event.ts";
import type { Anchor } from "../../verify/trail-check.ts";
import { createCheckpointKeeper, type CheckpointKeeper, type CheckpointKeeperOptions } from "../checkpoint-keeper.ts";
import { readRecord } from "../checkpoint-record.ts";
import { parseCheckpoint, type WrittenCheckpoint } from "../checkpoint.ts";

export const MINUTE = 60_000;
const EPOCH = Date.parse("2026-03-01T10:00:00.000Z");

/** A trail whose rows are only hashes. */
export class ATrail implements Database {
  hashes: (string | undefined)[] = [];
  origin = ORIGIN;
  failure: Error | undefined;

  /** Adds rows up to a number; `other` ones have other hashes than usual. */
  growTo(seq: number, isOther = false): void {
    while (this.hashes.length < seq) this.hashes.push(hashOf(this.hashes.length + 1 + (isOther ? 100 : 0)));
  }

  query(text: string, [wanted]: unknown[]): Promise<{ readonly rows: readonly unknown[] }> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const seq = this.hashes.length;
    if (text === hashAt) return Promise.resolve({ rows: [{ hash: this.hashes[Number(wanted) - 1] ?? null }] });
    const hash = this.hashes.at(-1) ?? "00".repeat(32);
    return Promise.resolve({ rows: [{ origin: this.origin, seq: String(seq), hash, timeline: "00000001" }] });
  }
}

/** One ConfigMap with the API server's rule for writing. */
export class AStore implements CheckpointStore {
  object: ConfigMap = { metadata: { name: "checkpoint", resourceVersion: "1" } };
  failure: Error | undefined;
  /** Done before each write. */
  meanwhile: () => void = () => undefined;

  read(): Promise<ConfigMap> {
    return this.failure === undefined ? Promise.resolve(this.object) : Promise.reject(this.failure);
  }

  write(read: ConfigMap, data: Readonly<Record<string, string>>): Promise<boolean> {
    this.meanwhile();
    if (this.failure !== undefined) return Promise.reject(this.failure);
    if (read.metadata.resourceVersion !== this.object.metadata.resourceVersion) return Promise.resolve(false);
    this.put(data);
    return Promise.resolve(true);
  }

  put(data: Readonly<Record<string, string>>): void {
    const resourceVersion = String(Number(this.object.metadata.resourceVersion) + 1);
    this.object = { metadata: { ...this.object.metadata, resourceVersion }, data };
  }

  newest(): WrittenCheckpoint | undefined {
    return readRecord(this.object.data).newest;
  }
}

export interface Scene {
  readonly timers: SteppedTimers;
  readonly trail: ATrail;
  readonly store: AStore;
  readonly keeper: CheckpointKeeper;
  readonly said: string[];
  readonly notes: TrailEvent[];
  readonly expected: Anchor[];
}

/** A keeper with a trail of ten rows. A noted event becomes a row, as the flusher makes it. */
export function aScene(
  options: Partial<CheckpointKeeperOptions> = {},
  shared: Partial<Pick<Scene, "trail" | "store">> = {},
): Scene {
  const timers = new SteppedTimers();
  const { trail = new ATrail(), store = new AStore() } = shared;
  trail.growTo(10);
  const said: string[] = [];
  const notes: TrailEvent[] = [];
  const expected: Anchor[] = [];
  const keeper = createCheckpointKeeper({
    ...{ database: trail, store, recorder: "pod-1/a", version: "1.2.3", intervalMs: MINUTE },
    trail: {
      note: (event) => {
        notes.push(event);
        trail.growTo(trail.hashes.length + 1);
      },
      doubt: (anchor) => expected.push(anchor),
    },
    now: () => EPOCH + timers.now(),
    after: (ms, run) => timers.after(ms, run),
    hooks: {
      onWritten: ({ seq }) => said.push(`written ${String(seq)}`),
      onLost: (lost) => said.push(`lost ${lost.map(({ seq }) => seq).join(" ")}`),
      onForged: (text) => said.push(`forged ${String(parseCheckpoint(text)?.seq)}`),
      onFailure: (error) => said.push(`failure: ${(error as Error).message}`),
    },
    ...options,
  });
  return { timers, trail, store, keeper, said, notes, expected };
}

export function types(notes: readonly TrailEvent[]): readonly string[] {
  return notes.map(({ type }) => type);
}

/** Starts it and lets one interval pass. */
export async function begin({ keeper, timers }: Scene): Promise<void> {
  keeper.start();
  await timers.step(MINUTE);
}

/** Stops it as the controller does, with everything that is needed at hand. */
export async function end({ keeper, timers }: Scene): Promise<void> {
  keeper.noteStop();
  const stopped = keeper.stop(2_000);
  await timers.step(0);
  await stopped;
}
