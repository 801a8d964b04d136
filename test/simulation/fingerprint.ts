/**
 * 64 bits that stand for a state. Two different states of a search have the same ones with a probability of about
 * n²/2^65: 1 in 100 000 for the largest searches here.
 */
import { read, type Layout, type State } from "./layout.ts";

export interface Fingerprint {
  readonly high: number;
  readonly low: number;
}

/** Controllers are alike: states that differ only in who is who are one. */
export function fingerprint(state: State, { controllersAt, controllerSize }: Layout): Fingerprint {
  const first = controllersAt[0] ?? state.length;
  const world = hashed(state, 0, first);
  let { high, low } = world;
  for (const at of controllersAt) {
    const one = hashed(state, at, at + controllerSize);
    // A sum doesn't depend on the order.
    high = (high + one.high) | 0;
    low = (low + one.low) | 0;
  }
  return { high: mixed(high), low: mixed(low ^ high) };
}

/** Two independent hashes of the columns from..to-1. */
function hashed(state: State, from: number, to: number): Fingerprint {
  let high = 0x2545f491;
  let low = 0x9e3779b9 | 0;
  for (let column = from; column < to; column += 1) {
    const value = read(state, column);
    high = Math.imul(high ^ value, 0x85ebca6b);
    high ^= high >>> 15;
    low = Math.imul((low + value) ^ (low >>> 13), 0xc2b2ae35);
  }
  return { high: mixed(high), low: mixed(low ^ Math.imul(to - from, 0x27d4eb2f)) };
}

/** Each bit depends on all bits (the finalizer of MurmurHash3). */
function mixed(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
