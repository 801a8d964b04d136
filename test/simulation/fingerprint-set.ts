import type { Fingerprint } from "./fingerprint.ts";

const SMALLEST = 1 << 12;
/** A slot of the table is two numbers; both 0 mean that it is free. */
const PER_SLOT = 2;

/** The states that are known, 8 bytes each and some room: a Set holds at most 2^24 and ten times the memory. */
export class FingerprintSet {
  #table = new Int32Array(SMALLEST * PER_SLOT);
  #slots = SMALLEST;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(one: Fingerprint): boolean {
    return this.#isAt(this.#slotOf(one), one);
  }

  /** True where it is new. */
  add(one: Fingerprint): boolean {
    const slot = this.#slotOf(one);
    if (this.#isAt(slot, one)) return false;
    this.#table[slot * PER_SLOT] = one.high;
    this.#table[slot * PER_SLOT + 1] = lowOf(one);
    this.#size += 1;
    if (this.#size * 3 > this.#slots * 2) this.#grow();
    return true;
  }

  /** Where it is, or the free slot where it belongs. */
  #slotOf(one: Fingerprint): number {
    const last = this.#slots - 1;
    let slot = one.high & last;
    while (!this.#isFree(slot) && !this.#isAt(slot, one)) slot = (slot + 1) & last;
    return slot;
  }

  #isFree(slot: number): boolean {
    return this.#table[slot * PER_SLOT] === 0 && this.#table[slot * PER_SLOT + 1] === 0;
  }

  #isAt(slot: number, one: Fingerprint): boolean {
    return this.#table[slot * PER_SLOT] === one.high && this.#table[slot * PER_SLOT + 1] === lowOf(one);
  }

  #grow(): void {
    const before = this.#table;
    this.#slots *= 2;
    this.#table = new Int32Array(this.#slots * PER_SLOT);
    for (let at = 0; at < before.length; at += PER_SLOT) {
      const high = before[at] ?? 0;
      const low = before[at + 1] ?? 0;
      if (high === 0 && low === 0) continue;
      const slot = this.#slotOf({ high, low });
      this.#table[slot * PER_SLOT] = high;
      this.#table[slot * PER_SLOT + 1] = low;
    }
  }
}

/** Never 0, so that a slot in use never looks free. */
function lowOf({ low }: Fingerprint): number {
  return low === 0 ? 1 : low;
}
