/**
 * What the controller knows of the objects of one kind, without asking the API server.
 *
 * Three sources tell it: lists, watch events, and the answers to the controller's own writes, which arrive out of step
 * with the watch. Each answers with a resourceVersion, and newer wins:
 * - an own write is visible at once, and a watch event from before it changes nothing;
 * - `lastSeen` is the version up to which lists and watch have told everything. An own write up to there of an object that
 *   they didn't tell of is of one that was deleted, or left the watch's selector, since: a late answer doesn't revive
 *   it, and one that was early is dropped when the watch has passed it;
 * - a list decides about everything up to its version; own writes after it stay.
 * So what is in the store is what lists and watch told, and the own writes that they have yet to tell.
 */
import type { WatchEvent } from "./list-watch.ts";
import { type IndexFunction, ObjectIndex } from "./object-index.ts";
import { isNewer, versionOf } from "./resource-version.ts";

export interface StoredObject {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly resourceVersion?: string };
}

/** One object appeared (no `before`), changed, or vanished (no `after`). */
export interface StoreChange<P> {
  readonly key: string;
  readonly before?: P;
  readonly after?: P;
}

export type StoreListener<P> = (change: StoreChange<P>) => void;

/** What readers of the store need. The objects are shared: they are never to be changed. */
export interface StoreReader<P, I extends string = string> {
  get(key: string): P | undefined;
  list(): P[];
  /** The objects for which the named index function gave that key, in no particular order. */
  byIndex(index: I, indexKey: string): P[];
  /** Calls the listener after every change; it must not throw. Returns what ends the subscription. */
  subscribe(listener: StoreListener<P>): () => void;
}

/** What fills the store from lists and watches. */
export interface StoreFeed<T, P> {
  readonly project: (object: T) => P;
  /** Takes a complete list, read at quorum, projected already (page by page, so that raw pages need not be kept). */
  replaceAll(objects: readonly P[], resourceVersion: string): void;
  /** Takes the next event of a watch. ERROR events are the caller's business. */
  apply(event: Exclude<WatchEvent<T>, { type: "ERROR" }>): void;
  /** The version up to which lists and watch events have told everything; undefined before the first list. */
  lastSeen(): string | undefined;
}

export interface Store<T, P, I extends string = string> extends StoreReader<P, I>, StoreFeed<T, P> {
  /** Takes the API server's answer to our own write, so that no copy older than that is acted on. */
  applyWrite(object: T): void;
}

export interface StoreOptions<T, P, I extends string> {
  /** What is kept of an object. Must keep name, namespace and resourceVersion, and must not throw. */
  readonly project: (object: T) => P;
  /** Index name -> the keys under which an object is found there. Must not throw. */
  readonly indices: Readonly<Record<I, IndexFunction<P>>>;
}

/** The key of an object: `namespace/name`, or the name alone where it is cluster-scoped. */
export function keyOf(object: StoredObject): string {
  const { namespace, name } = object.metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** An empty store. */
export function createStore<T extends StoredObject, P extends StoredObject, I extends string>(
  options: StoreOptions<T, P, I>,
): Store<T, P, I> {
  return new VersionedStore(options);
}

class VersionedStore<T extends StoredObject, P extends StoredObject, I extends string> implements Store<T, P, I> {
  readonly project: (object: T) => P;
  readonly #index: ObjectIndex<P, I>;
  readonly #objects = new Map<string, P>();
  /** Versions of own writes, by object key, that neither list nor watch have told yet. */
  readonly #untold = new Map<string, string>();
  readonly #listeners = new Set<StoreListener<P>>();
  #lastSeen: string | undefined;

  constructor(options: StoreOptions<T, P, I>) {
    this.project = options.project;
    this.#index = new ObjectIndex(options.indices);
  }

  get(key: string): P | undefined {
    return this.#objects.get(key);
  }

  list(): P[] {
    return [...this.#objects.values()];
  }

  byIndex(index: I, indexKey: string): P[] {
    const found: P[] = [];
    for (const key of this.#index.lookup(index, indexKey)) {
      const object = this.#objects.get(key);
      if (object !== undefined) found.push(object);
    }
    return found;
  }

  subscribe(listener: StoreListener<P>): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  lastSeen(): string | undefined {
    return this.#lastSeen;
  }

  replaceAll(objects: readonly P[], resourceVersion: string): void {
    const listed = new Map(objects.map((object) => [keyOf(object), object]));
    // Versions only go back where etcd was restored from a backup: then nothing that is known holds any longer.
    const rewound = this.#lastSeen !== undefined && isNewer(this.#lastSeen, resourceVersion);
    const gone = [...this.#objects].filter(
      ([key, known]) => !listed.has(key) && (rewound || !isNewer(versionOf(known), resourceVersion)),
    );
    const changed = [...listed].filter(([key, object]) => rewound || this.#isNews(key, versionOf(object)));
    this.#lastSeen = resourceVersion;
    if (rewound) this.#untold.clear();
    for (const [key] of this.#passedWrites()) this.#untold.delete(key);
    this.#change([...changed, ...gone.map(([key]) => [key, undefined] as const)]);
  }

  apply(event: Exclude<WatchEvent<T>, { type: "ERROR" }>): void {
    const version = versionOf(event.object);
    if (event.type !== "BOOKMARK") this.#applyChange(event.type, event.object, version);
    if (this.#lastSeen === undefined || isNewer(version, this.#lastSeen)) this.#lastSeen = version;
    this.#dropPassedWrites();
  }

  applyWrite(object: T): void {
    const key = keyOf(object);
    const version = versionOf(object);
    const deletedSince = !this.#objects.has(key) && this.#lastSeen !== undefined && !isNewer(version, this.#lastSeen);
    if (!deletedSince && this.#put(object)) this.#untold.set(key, version);
  }

  #applyChange(type: "ADDED" | "MODIFIED" | "DELETED", object: T, version: string): void {
    const key = keyOf(object);
    const untold = this.#untold.get(key);
    if (untold !== undefined && !isNewer(untold, version)) this.#untold.delete(key);
    if (type === "DELETED") this.#delete(key, version);
    else this.#put(object);
  }

  /** The watch went past these own writes without telling them: their objects aren't among those that it watches. */
  #dropPassedWrites(): void {
    for (const [key] of this.#passedWrites()) {
      this.#untold.delete(key);
      this.#change([[key, undefined]]);
    }
  }

  #passedWrites(): [key: string, version: string][] {
    const lastSeen = this.#lastSeen;
    if (lastSeen === undefined || this.#untold.size === 0) return [];
    return [...this.#untold].filter(([, version]) => !isNewer(version, lastSeen));
  }

  /** An object that stops matching the watch's selector is DELETED with the very version of the write that did it. */
  #delete(key: string, version: string): void {
    const known = this.#objects.get(key);
    if (known !== undefined && !isNewer(versionOf(known), version)) this.#change([[key, undefined]]);
  }

  #isNews(key: string, version: string): boolean {
    const known = this.#objects.get(key);
    return known === undefined || isNewer(version, versionOf(known));
  }

  /** False where it is no news. */
  #put(object: T): boolean {
    const projected = this.project(object);
    const key = keyOf(projected);
    const isNews = this.#isNews(key, versionOf(projected));
    if (isNews) this.#change([[key, projected]]);
    return isNews;
  }

  /** Listeners hear of a change when all changes that came with it are in place. */
  #change(changes: readonly (readonly [key: string, after: P | undefined])[]): void {
    for (const change of changes.map(([key, after]) => this.#replace(key, after))) {
      for (const listener of this.#listeners) listener(change);
    }
  }

  #replace(key: string, after: P | undefined): StoreChange<P> {
    const before = this.#objects.get(key);
    this.#index.update(key, before, after);
    if (after === undefined) this.#objects.delete(key);
    else this.#objects.set(key, after);
    return { key, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
  }
}
