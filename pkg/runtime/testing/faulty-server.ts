import { ApiError } from "../api-error.ts";
import type { ListPage, ListPageQuery, ListWatch, WatchEvent, WatchQuery } from "../list-watch.ts";
import { keyOf } from "../store.ts";
import { aBookmark, aThing, type Thing } from "./stored-thing.ts";

/** What can go wrong between an API server and its client. */
export type Fault = "close watches" | "break watches" | "hang watches" | "compact" | "go down" | "come up";

interface Connection {
  state: "good" | "closed" | "broken" | "hanging";
}

interface Listing {
  readonly version: number;
  readonly left: readonly Thing[];
}

/** The things of one kind on an API server, in memory, that lists in pages, watches with a history, and has faults. */
export class FaultyServer implements ListWatch<Thing> {
  readonly things = new Map<string, Thing>();
  requests = 0;
  #version = 7;
  #compacted = 0;
  #isUp = true;
  #history: { version: number; event: WatchEvent<Thing> }[] = [];
  readonly #listings = new Map<string, Listing>();
  readonly #connections = new Set<Connection>();
  #changed = Promise.withResolvers<undefined>();

  put(name: string): void {
    const thing = aThing(name, (this.#version += 1));
    this.#record({ type: this.things.has(keyOf(thing)) ? "MODIFIED" : "ADDED", object: thing });
    this.things.set(keyOf(thing), thing);
  }

  delete(name: string): void {
    if (!this.things.delete(`ns/${name}`)) return;
    this.#record({ type: "DELETED", object: aThing(name, (this.#version += 1)) });
  }

  /** The version moves on by objects of other kinds too. */
  bookmark(): void {
    this.#record(aBookmark((this.#version += 1)));
  }

  suffer(fault: Fault): void {
    if (fault === "compact") {
      this.#compacted = this.#version;
      this.#history = [];
    } else if (fault === "come up") this.#isUp = true;
    else this.#cut(fault);
    this.#wake();
  }

  listPage(query: ListPageQuery): Promise<ListPage<Thing>> {
    this.#request();
    const { version, left } = this.#listing(query.continue);
    if (version < this.#compacted) return Promise.reject(gone());
    const token = `token ${this.requests.toString()}`;
    this.#listings.set(token, { version, left: left.slice(2) });
    const more = left.length > 2 && { continue: token };
    return Promise.resolve({ items: left.slice(0, 2), resourceVersion: version.toString(), ...more });
  }

  async *watch({ resourceVersion, signal }: WatchQuery): AsyncGenerator<WatchEvent<Thing>, undefined> {
    this.#request();
    const connection: Connection = { state: "good" };
    this.#connections.add(connection);
    let seen = Number(resourceVersion);
    while (connection.state !== "closed") {
      if (connection.state === "broken") throw new ApiError("reset", { kind: "unknown", code: 0 });
      if (seen < this.#compacted) throw gone();
      const next = connection.state === "good" ? this.#history.find(({ version }) => version > seen) : undefined;
      if (next === undefined) await this.#somethingNew(signal);
      else {
        seen = next.version;
        yield next.event;
      }
    }
    return undefined;
  }

  /** All pages of a list show the same moment. */
  #listing(token: string | undefined): Listing {
    const begun = token === undefined ? undefined : this.#listings.get(token);
    return begun ?? { version: this.#version, left: [...this.things.values()] };
  }

  #request(): void {
    this.requests += 1;
    if (!this.#isUp) throw new ApiError("connection refused", { kind: "unknown", code: 0 });
  }

  #record(event: WatchEvent<Thing>): void {
    this.#history.push({ version: this.#version, event });
    this.#wake();
  }

  #cut(fault: Fault): void {
    if (fault === "go down") this.#isUp = false;
    for (const connection of this.#connections) {
      if (fault === "close watches") connection.state = "closed";
      else connection.state = fault === "hang watches" ? "hanging" : "broken";
    }
    this.#connections.clear();
  }

  #wake(): void {
    this.#changed.resolve(undefined);
    this.#changed = Promise.withResolvers();
  }

  #somethingNew(signal: AbortSignal): Promise<unknown> {
    const aborted = Promise.withResolvers<undefined>();
    signal.addEventListener("abort", () => {
      aborted.reject(new Error("aborted"));
    });
    return Promise.race([this.#changed.promise, aborted.promise]);
  }
}

function gone(): ApiError {
  return new ApiError("too old resource version", { kind: "expired", code: 410 });
}
