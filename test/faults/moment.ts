import { createActors, isStart, type Actor, type Actors } from "./actors.ts";
import { changesIn, type Change } from "./change.ts";
import type { HistoryEntry } from "./history-entry.ts";
import { originOf, type Origin } from "./origin.ts";
import { createScene, type Scene } from "./scene.ts";

/** One change, and all that there was right after it. */
export interface Moment {
  readonly change: Change;
  readonly scene: Scene;
  readonly actors: Actors;
  /** Where what was changed comes from, if it is a run of ours or something of one. */
  readonly origin: Origin | undefined;
  /** What began to act with this change. */
  readonly began: Actor | undefined;
  /** The run that left Pending with this change. */
  readonly started: Started | undefined;
}

export interface Started extends Origin {
  readonly change: Change<"run">;
}

/** Looks at each moment of a history in its turn. */
export type Judge = (moment: Moment) => void;

/** The moments of a history, in order. */
export function* momentsIn(history: Iterable<HistoryEntry>): Generator<Moment> {
  const scene = createScene();
  const actors = createActors();
  for (const change of changesIn(history)) {
    scene.take(change);
    const origin = originOf(change, scene);
    const began = origin === undefined ? undefined : actors.take(change, origin);
    const started = origin !== undefined && isStart(change, origin) ? { ...origin, change } : undefined;
    yield { change, scene, actors, origin, began, started };
  }
}
