/** Gives a number to each value, from 1 on: equal values have the same. */
export class TextTable {
  readonly #numbers = new Map<string, number>();
  #size = 0;

  numberOf(value: unknown): number {
    // The order of the keys doesn't matter, but sorting them costs much more than this text, which is nearly always known.
    const unsorted = JSON.stringify(value);
    const known = this.#numbers.get(unsorted);
    if (known !== undefined) return known;
    const number = this.#numberOfText(canonicalText(value));
    this.#numbers.set(unsorted, number);
    return number;
  }

  /** How many values there are. */
  get size(): number {
    return this.#size;
  }

  #numberOfText(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#size += 1;
    this.#numbers.set(text, this.#size);
    return this.#size;
  }
}

/** JSON with sorted keys. */
function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isPlain(inner) ? sorted(inner) : inner));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sorted(value: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
