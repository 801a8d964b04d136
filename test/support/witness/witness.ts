import { LABEL_EXECUTION_UID } from "../../../pkg/api/labels.ts";
import { resourceTypes } from "../../../pkg/kube/cluster-api.ts";
import { createConnection } from "../../../pkg/kube/connection.ts";
import { createListWatch } from "../../../pkg/kube/list-watch.ts";
import type { ListWatch } from "../../../pkg/runtime/list-watch.ts";
import { createReflector } from "../../../pkg/runtime/reflector.ts";
import type { StoreFeed } from "../../../pkg/runtime/store.ts";
import { realTimers } from "../../../pkg/runtime/timers.ts";
import type { Change, Watched, WatchedKind } from "./change.ts";

/** Records every change of what the controller writes, and of what runs because of it, from watches alone. */
export interface Witness {
  /** All changes so far, each watch's in its order. */
  readonly changes: () => readonly Change[];
  /** The object in its last state; undefined before it was created and after it was deleted. */
  readonly get: <K extends WatchedKind>(kind: K, name: string) => Watched[K] | undefined;
  /** Waits until `check` gives something; asks it again after every change. Rejects after the deadline. */
  readonly until: <T>(what: string, deadlineMs: number, check: () => T | undefined) => Promise<T>;
  /** Ends the watches, once for all. Rejects where something may have been missed. */
  readonly stop: () => Promise<void>;
}

export interface WitnessOptions {
  /** An administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** Where the runs are. */
  readonly executionNamespace: string;
}

interface Recording {
  readonly changes: Change[];
  readonly latest: Map<string, Watched[WatchedKind]>;
  readonly listeners: Set<() => void>;
}

type Take = (type: Change["type"], object: Watched[WatchedKind]) => void;

const SOURCES = {
  execution: resourceTypes.executions,
  lock: resourceTypes.locks,
  run: resourceTypes.runs,
  taskRun: resourceTypes.taskRuns,
  pod: resourceTypes.pods,
} as const satisfies Record<WatchedKind, unknown>;

/** Starts the watches; when it resolves, nothing that happens from now on is missed. */
export async function startWitness({ kubeconfig, executionNamespace }: WitnessOptions): Promise<Witness> {
  const connection = createConnection({ kubeconfig, timeoutMs: 15_000, rate: { qps: 1_000, burst: 1_000 } });
  const recording: Recording = { changes: [], latest: new Map(), listeners: new Set() };
  const stopping = new AbortController();
  const ours = { namespace: executionNamespace, labelSelector: LABEL_EXECUTION_UID };
  const watches = (Object.keys(SOURCES) as WatchedKind[]).map((kind) => {
    const selection = kind === "execution" || kind === "lock" ? {} : ours;
    const source = createListWatch<Watched[WatchedKind]>(connection, SOURCES[kind], selection);
    return watch(source, takeInto(recording, kind), stopping.signal);
  });
  await Promise.all(watches.map(({ synced }) => synced));
  let stopped: Promise<void> | undefined;
  return {
    changes: () => recording.changes,
    get: (kind, name) => recording.latest.get(`${kind}/${name}`) as Watched[typeof kind] | undefined,
    until: (what, deadlineMs, check) => until(recording, what, deadlineMs, check),
    stop: () => (stopped ??= stop()),
  };

  async function stop(): Promise<void> {
    stopping.abort();
    await Promise.all(watches.map(({ ended }) => ended));
    await connection.close();
    if (watches.some(({ missed }) => missed()))
      throw new Error("the witness had to list anew: it may have missed something");
  }
}

interface Watching {
  readonly synced: Promise<unknown>;
  readonly ended: Promise<void>;
  /** Whether changes may have happened of which it was not told. */
  readonly missed: () => boolean;
}

/** What is there already, and then every change. A watch that breaks is resumed where it was, which misses nothing. */
function watch(source: ListWatch<Watched[WatchedKind]>, take: Take, signal: AbortSignal): Watching {
  let seen: string | undefined;
  let lists = 0;
  const store: StoreFeed<Watched[WatchedKind], Watched[WatchedKind]> = {
    project: (object) => object,
    lastSeen: () => seen,
    replaceAll: (objects, resourceVersion) => {
      seen = resourceVersion;
      lists += 1;
      for (const object of objects) take("ADDED", object);
    },
    apply: (event) => {
      seen = event.object.metadata.resourceVersion ?? seen;
      if (event.type !== "BOOKMARK") take(event.type, event.object);
    },
  };
  const reflector = createReflector({ source, store, timers: realTimers, random: Math.random });
  return { synced: reflector.synced, ended: reflector.run(signal), missed: () => lists > 1 };
}

function takeInto({ changes, latest, listeners }: Recording, kind: WatchedKind): Take {
  return (type, object) => {
    const { name, resourceVersion = "0" } = object.metadata;
    changes.push({ kind, type, version: BigInt(resourceVersion), object } as Change);
    if (type === "DELETED") latest.delete(`${kind}/${name}`);
    else latest.set(`${kind}/${name}`, object);
    for (const listener of listeners) listener();
  };
}

function until<T>({ listeners }: Recording, what: string, deadlineMs: number, check: () => T | undefined): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const deadline = setTimeout(() => {
    listeners.delete(look);
    reject(new Error(`gave up waiting for ${what} after ${String(deadlineMs / 1000)} s`));
  }, deadlineMs);
  listeners.add(look);
  look();
  return promise;

  function look(): void {
    const found = check();
    if (found === undefined) return;
    clearTimeout(deadline);
    listeners.delete(look);
    resolve(found);
  }
}
