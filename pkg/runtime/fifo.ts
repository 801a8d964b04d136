/** First in, first out, in constant time also when it is long (Array.shift moves everything that is behind). */
export class Fifo<V> {
  #items: V[] = [];
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  push(item: V): void {
    this.#items.push(item);
  }

  /** The oldest item, removed; undefined where there is none. */
  shift(): V | undefined {
    if (this.size === 0) return undefined;
    const item = this.#items[this.#head];
    this.#head += 1;
    if (this.#head > 64 && this.#head * 2 > this.#items.length) this.#compact();
    return item;
  }

  #compact(): void {
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}
