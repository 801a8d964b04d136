const FIRST_ROOM = 1 << 12;

/** From where each state was reached and by which move, 6 bytes a state. */
export class Past {
  #from = new Uint32Array(FIRST_ROOM);
  #by = new Uint16Array(FIRST_ROOM);
  /** The first state came from nowhere. */
  #size = 1;

  add(from: number, by: number): void {
    if (this.#size === this.#from.length) this.#grow();
    this.#from[this.#size] = from;
    this.#by[this.#size] = by;
    this.#size += 1;
  }

  /** The moves that lead to that state, from the first state on. */
  movesTo(state: number): readonly number[] {
    const moves: number[] = [];
    for (let at = state; at > 0; at = this.#from[at] ?? 0) moves.push(this.#by[at] ?? 0);
    return moves.reverse();
  }

  #grow(): void {
    const from = new Uint32Array(this.#size * 2);
    const by = new Uint16Array(this.#size * 2);
    from.set(this.#from);
    by.set(this.#by);
    this.#from = from;
    this.#by = by;
  }
}
