import fc from "fast-check";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Fifo } from "./fifo.ts";

describe("Fifo", () => {
  it("gives nothing where nothing is left", () => {
    const fifo = new Fifo<number>();
    fifo.push(1);
    fifo.shift();
    assert.equal(fifo.shift(), undefined);
    assert.equal(fifo.size, 0);
  });

  it("behaves like an array's push and shift", () => {
    const shift = fc.constant("shift" as const);
    const pushes = fc.nat();
    const actions = fc.array(fc.oneof(shift, pushes), { size: "large", maxLength: 1000 });
    fc.assert(
      fc.property(actions, (script) => {
        const fifo = new Fifo<number>();
        const model: number[] = [];
        for (const action of script) {
          if (action === "shift") assert.equal(fifo.shift(), model.shift());
          else {
            fifo.push(action);
            model.push(action);
          }
          assert.equal(fifo.size, model.length);
        }
      }),
    );
  });

  it("keeps the order over many compactions", () => {
    const fifo = new Fifo<number>();
    for (let i = 0; i < 10_000; i += 1) fifo.push(i);
    for (let i = 0; i < 10_000; i += 1) assert.equal(fifo.shift(), i);
    assert.equal(fifo.size, 0);
  });
});
