import fc from "fast-check";
import assert from "node:assert/strict";
import { it } from "node:test";
import { settle, SteppedTimers } from "./testing/stepped-timers.ts";
import { createWorkQueue, type WorkQueue } from "./work-queue.ts";

const keys = fc.constantFrom("a", "b", "c", "d");

type Action =
  | { readonly do: "add" | "retry" | "forget"; readonly key: string }
  | { readonly do: "addAfter"; readonly key: string; readonly ms: number }
  | { readonly do: "step"; readonly ms: number }
  | { readonly do: "done" | "abort"; readonly which: number }
  | { readonly do: "take" };

const actions: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ do: fc.constantFrom("add" as const, "add" as const, "retry" as const, "forget" as const), key: keys }),
  fc.record({ do: fc.constant("addAfter" as const), key: keys, ms: fc.nat(300) }),
  fc.record({ do: fc.constant("step" as const), ms: fc.nat(200) }),
  fc.record({ do: fc.constantFrom("done" as const, "done" as const, "abort" as const), which: fc.nat() }),
  fc.record({ do: fc.constant("take" as const) }),
);

/** Any number of workers on one queue; checks the queue's promises at each hand-over. */
class Workshop {
  readonly timers = new SteppedTimers();
  readonly queue: WorkQueue = createWorkQueue({
    timers: this.timers,
    random: () => 0.5,
    backoff: { baseMs: 100, maxMs: 1000, jitter: "full" },
  });
  /** Keys in a worker's hands. */
  readonly running: string[] = [];
  /** Keys that somebody asked for and no worker has begun to work on since: what must not get lost. */
  readonly owed = new Set<string>();
  readonly waiting: AbortController[] = [];
  /** Keys that went to a second worker. */
  readonly sharedKeys: string[] = [];

  async run(action: Action): Promise<void> {
    switch (action.do) {
      case "add":
      case "retry":
      case "addAfter":
        this.ask(action);
        break;
      case "forget":
        this.queue.forget(action.key);
        break;
      case "step":
        await this.timers.step(action.ms);
        break;
      case "done":
        this.finish(action.which);
        break;
      case "abort":
        this.waiting.splice(action.which % Math.max(1, this.waiting.length), 1).forEach((worker) => {
          worker.abort();
        });
        break;
      case "take":
        this.take();
    }
    await settle();
  }

  ask(action: Action & { do: "add" | "retry" | "addAfter" | "forget" }): void {
    this.owed.add(action.key);
    if (action.do === "addAfter") this.queue.addAfter(action.key, action.ms);
    else if (action.do === "retry") this.queue.addRateLimited(action.key);
    else this.queue.add(action.key);
  }

  take(): void {
    const worker = new AbortController();
    this.waiting.push(worker);
    void this.queue.take(worker.signal).then((key) => {
      this.waiting.splice(this.waiting.indexOf(worker), 1);
      if (key !== undefined) this.begin(key);
    });
  }

  begin(key: string): void {
    if (this.running.includes(key)) this.sharedKeys.push(key);
    this.running.push(key);
    this.owed.delete(key);
  }

  finish(which: number): void {
    const [key] = this.running.splice(which % Math.max(1, this.running.length), 1);
    if (key !== undefined) this.queue.done(key);
  }
}

void it("never has two workers on a key and loses nothing that was asked for", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(actions, { maxLength: 60 }), async (script) => {
      const workshop = new Workshop();
      for (const action of script) await workshop.run(action);
      await workshop.timers.step(2000);
      while (workshop.running.length > 0) workshop.finish(0);
      for (let i = 0; i < 4; i += 1) await workshop.run({ do: "take" });
      assert.deepEqual(workshop.sharedKeys, []);
      assert.deepEqual([...workshop.owed], []);
      assert.equal(workshop.queue.depth(), 0);
      assert.equal(workshop.timers.pending(), 0);
    }),
    { numRuns: 500 },
  );
});
