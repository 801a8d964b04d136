/** The index keys of an object. Pure: asked again with the same object, it answers the same. */
export type IndexFunction<P> = (object: P) => readonly string[];

/** Which objects (by their store key) have which index keys, for a fixed set of named indices. */
export class ObjectIndex<P, I extends string> {
  readonly #functions: ReadonlyMap<string, IndexFunction<P>>;
  readonly #entries: ReadonlyMap<string, Map<string, Set<string>>>;

  constructor(functions: Readonly<Record<I, IndexFunction<P>>>) {
    this.#functions = new Map(Object.entries<IndexFunction<P>>(functions));
    this.#entries = new Map(Object.keys(functions).map((name) => [name, new Map()]));
  }

  /** The store keys of the objects with that index key, in no particular order. */
  lookup(index: I, indexKey: string): Iterable<string> {
    return this.#entries.get(index)?.get(indexKey) ?? [];
  }

  /** Replaces what `before` contributed under the store key by what `after` does. */
  update(key: string, before: P | undefined, after: P | undefined): void {
    for (const [name, keysOf] of this.#functions) {
      const added = after === undefined ? [] : keysOf(after);
      const removed = before === undefined ? [] : keysOf(before);
      for (const indexKey of removed) this.#remove(name, indexKey, key);
      for (const indexKey of added) this.#add(name, indexKey, key);
    }
  }

  #add(name: string, indexKey: string, key: string): void {
    const entries = this.#entries.get(name);
    const keys = entries?.get(indexKey);
    if (keys === undefined) entries?.set(indexKey, new Set([key]));
    else keys.add(key);
  }

  #remove(name: string, indexKey: string, key: string): void {
    const entries = this.#entries.get(name);
    const keys = entries?.get(indexKey);
    keys?.delete(key);
    if (keys?.size === 0) entries?.delete(indexKey);
  }
}
