import { range, read, type Layout, type State } from "./layout.ts";

const PER_CHUNK = 1 << 14;
/** A column is kept in 16 bits, a wide one in two of them. */
const BITS = 16;
const MASK = 0xffff;

/** States that wait to be looked at, first in first out. */
export class StateQueue {
  readonly #columns: readonly number[];
  readonly #wide: readonly number[];
  readonly #stride: number;
  readonly #chunks: Uint16Array[] = [];
  #taken = 0;
  #added = 0;

  constructor({ size, wide }: Layout) {
    this.#columns = range(size);
    this.#wide = wide;
    this.#stride = size + wide.length;
  }

  add(state: State): void {
    if (this.#added % PER_CHUNK === 0) this.#chunks.push(new Uint16Array(PER_CHUNK * this.#stride));
    const chunk = this.#chunks.at(-1) ?? new Uint16Array(0);
    const at = (this.#added % PER_CHUNK) * this.#stride;
    for (const column of this.#columns) chunk[at + column] = read(state, column) & MASK;
    for (const [place, column] of this.#wide.entries())
      chunk[at + this.#columns.length + place] = read(state, column) >>> BITS;
    this.#added += 1;
  }

  /** The oldest; undefined where there is none. */
  take(): State | undefined {
    const [chunk] = this.#chunks;
    if (chunk === undefined || this.#taken === this.#added) return undefined;
    const at = (this.#taken % PER_CHUNK) * this.#stride;
    const state = this.#columns.map((column) => chunk[at + column] ?? 0);
    for (const [place, column] of this.#wide.entries())
      state[column] = read(state, column) + (chunk[at + state.length + place] ?? 0) * (MASK + 1);
    this.#taken += 1;
    if (this.#taken % PER_CHUNK === 0) this.#chunks.shift();
    return state;
  }
}
