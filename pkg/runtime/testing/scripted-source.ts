import type { ListPage, ListPageQuery, ListWatch, WatchEvent, WatchQuery } from "../list-watch.ts";

/**
 * A ListWatch whose answers a test gives one by one. It is the worst one that the port allows: what isn't answered hangs,
 * and an abort closes nothing by itself.
 */
export class ScriptedSource<T> implements ListWatch<T> {
  readonly lists: ScriptedList<T>[] = [];
  readonly watches: ScriptedWatch<T>[] = [];

  listPage(query: ListPageQuery): Promise<ListPage<T>> {
    const list = new ScriptedList<T>(query);
    this.lists.push(list);
    return list.answered;
  }

  watch(query: WatchQuery): AsyncIterable<WatchEvent<T>> {
    const watch = new ScriptedWatch<T>(query);
    this.watches.push(watch);
    return watch;
  }

  /** The newest list request. */
  list(): ScriptedList<T> {
    return newest(this.lists);
  }

  /** The newest watch. */
  watching(): ScriptedWatch<T> {
    return newest(this.watches);
  }
}

/** One list request that waits for its answer. */
export class ScriptedList<T> {
  readonly query: ListPageQuery;
  readonly answered: Promise<ListPage<T>>;
  readonly answer: (page: ListPage<T>) => void;
  readonly fail: (error: Error) => void;

  constructor(query: ListPageQuery) {
    this.query = query;
    const { promise, resolve, reject } = Promise.withResolvers<ListPage<T>>();
    this.answered = promise;
    this.answer = resolve;
    this.fail = reject;
  }
}

type Result<T> = IteratorResult<WatchEvent<T>, undefined>;

/** One watch that tells what the test sends. */
export class ScriptedWatch<T> implements AsyncIterableIterator<WatchEvent<T>, undefined> {
  readonly query: WatchQuery;
  /** How often the consumer asked for an event. */
  asked = 0;
  /** The consumer ended the iteration. */
  returned = false;
  readonly #told: Promise<Result<T>>[] = [];
  readonly #waiting: ((result: Promise<Result<T>>) => void)[] = [];

  constructor(query: WatchQuery) {
    this.query = query;
  }

  send(event: WatchEvent<T>): void {
    this.#tell(Promise.resolve({ done: false, value: event }));
  }

  close(): void {
    this.#tell(Promise.resolve({ done: true, value: undefined }));
  }

  fail(error: Error): void {
    this.#tell(Promise.reject(error));
  }

  next(): Promise<Result<T>> {
    this.asked += 1;
    const told = this.#told.shift();
    if (told !== undefined) return told;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  return(): Promise<Result<T>> {
    this.returned = true;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #tell(result: Promise<Result<T>>): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#told.push(result);
    else waiting(result);
  }
}

function newest<V>(requests: readonly V[]): V {
  const request = requests.at(-1);
  if (request === undefined) throw new Error("nothing was requested yet");
  return request;
}
