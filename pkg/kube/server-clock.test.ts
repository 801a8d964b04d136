import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createServerClock, type DatedAnswer } from "./server-clock.ts";

const T0 = Date.UTC(2030, 0, 1);

/** A world with a true server time, of which a clock sees only Date headers. */
class World {
  mono = 0;
  /** Server time at monotonic 0, and how much faster than the monotonic clock it runs. */
  offset: number;
  readonly rate: number;
  readonly clock = createServerClock({ now: () => this.mono });

  constructor(offset = T0, rate = 1) {
    this.offset = offset;
    this.rate = rate;
  }

  truth(): number {
    return this.offset + this.mono * this.rate;
  }

  /** A request whose server reads its clock after `before` ms and whose answer is here `after` ms later. */
  ask(before: number, after: number): void {
    const sentAt = this.mono;
    this.mono += before;
    const date = Math.floor(this.truth() / 1000) * 1000;
    this.mono += after;
    this.clock.observe({ date, sentAt, receivedAt: this.mono });
  }

  error(): number {
    return Math.abs(this.clock.now() - this.truth());
  }
}

void describe("the server's clock", () => {
  it("has no time before the first answer", () => {
    const clock = createServerClock({ now: () => 0 });
    assert.throws(() => clock.now(), /isn't known yet/);
  });

  it("is within half a second and half a round trip after one answer", () => {
    const world = new World(T0 + 999);
    world.ask(10, 10);
    assert.ok(world.error() <= 511, String(world.error()));
  });

  it("goes on between answers", () => {
    const world = new World();
    world.ask(1, 1);
    const before = world.clock.now();
    world.mono += 60_000;
    assert.equal(world.clock.now(), before + 60_000);
  });

  it("knows the time to a round trip once answers came on both sides of a full second", () => {
    const world = new World(T0 + 300);
    for (let i = 0; i < 200; i += 1) {
      world.ask(2, 2);
      world.mono += 33;
    }
    assert.ok(world.error() <= 5, String(world.error()));
  });

  it("believes the first answer after a long pause, in which the two clocks drifted apart", () => {
    const world = new World(T0 + 300, 1.0005);
    for (let i = 0; i < 200; i += 1) {
      world.ask(2, 2);
      world.mono += 33;
    }
    world.mono += 3_600_000;
    world.ask(2, 2);
    assert.ok(world.error() <= 505, String(world.error()));
  });

  it("is not moved by a single stray answer, nor by two that contradict each other", () => {
    const world = new World();
    world.ask(1, 1);
    for (const hours of [1, -1, 2]) world.clock.observe(instant(world.mono, T0 + hours * 3_600_000));
    assert.ok(world.error() <= 502);
  });

  it("follows a server whose clock was set forward", () => {
    const world = new World();
    world.ask(1, 1);
    world.offset += 3_600_000;
    for (let i = 0; i < 3; i += 1) world.ask(1, 1);
    assert.ok(world.error() <= 502);
  });

  it("never goes back when the server's clock was set back, nor stands still, and comes to agree", () => {
    const world = new World();
    world.ask(1, 1);
    const before = world.clock.now();
    world.offset -= 60_000;
    for (let i = 0; i < 3; i += 1) world.ask(1, 1);
    assert.ok(world.clock.now() >= before);
    world.mono += 10_000;
    assert.ok(world.clock.now() >= before + 4_999);
    world.mono += 120_000;
    assert.ok(world.error() <= 502, String(world.error()));
  });

  it("is not moved by stray answers, however often, while others contradict them", () => {
    const world = new World();
    for (let i = 0; i < 10; i += 1) {
      world.ask(1, 1);
      world.clock.observe(instant(world.mono, T0 + 3_600_000));
    }
    assert.ok(world.error() <= 502);
  });

  it("is off by no more than half a second and half the last round trip, whatever the delays and the drift", () => {
    const step = fc.record({ before: fc.nat(400), after: fc.nat(400), pause: fc.nat(120_000) });
    const drift = fc.double({ min: -0.0009, max: 0.0009, noNaN: true });
    fc.assert(
      fc.property(fc.nat(5_000), drift, fc.array(step, { minLength: 1, maxLength: 40 }), (offset, slew, steps) => {
        const world = new World(T0 + offset, 1 + slew);
        for (const { before, after, pause } of steps) {
          world.mono += pause;
          world.ask(before, after);
        }
        const { before, after } = steps.at(-1) ?? { before: 0, after: 0 };
        const allowed = (1000 + before + after) / 2 + 2;
        assert.ok(world.error() <= allowed, `${String(world.error())} > ${String(allowed)}`);
      }),
      { numRuns: 500 },
    );
  });

  it("never goes back, whatever the answers say", () => {
    const answer = fc.record({ jump: fc.integer({ min: -7_200_000, max: 7_200_000 }), delay: fc.nat(500) });
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1, maxLength: 40 }), (answers) => {
        const world = new World();
        let last = -Infinity;
        for (const { jump, delay } of answers) {
          if (delay % 5 === 0) world.offset += jump;
          world.ask(delay, delay);
          const now = world.clock.now();
          assert.ok(now >= last);
          last = now;
        }
      }),
    );
  });
});

/** An answer that took no time. */
function instant(at: number, date: number): DatedAnswer {
  return { date, sentAt: at, receivedAt: at };
}
