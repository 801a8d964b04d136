import fc from "fast-check";
import assert from "node:assert/strict";
import { it } from "node:test";
import { createReflector } from "./reflector.ts";
import { createStore, keyOf } from "./store.ts";
import { type Fault, FaultyServer } from "./testing/faulty-server.ts";
import { settle, SteppedTimers } from "./testing/stepped-timers.ts";
import type { Thing } from "./testing/stored-thing.ts";

type Action =
  | { readonly do: "put" | "delete"; readonly name: string }
  | { readonly do: "suffer"; readonly fault: Fault }
  | { readonly do: "step"; readonly ms: number }
  | { readonly do: "bookmark" };

const names = fc.constantFrom("a", "b", "c", "d", "e");
const faults = fc.constantFrom<Fault[]>(
  "close watches",
  "break watches",
  "hang watches",
  "compact",
  "go down",
  "come up",
);
const actions: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("put" as const, "delete" as const), name: names }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("suffer" as const), fault: faults }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("step" as const), ms: fc.nat(5000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("bookmark" as const) }) },
);

async function run(action: Action, server: FaultyServer, timers: SteppedTimers): Promise<void> {
  switch (action.do) {
    case "put":
    case "delete":
      server[action.do](action.name);
      break;
    case "suffer":
      server.suffer(action.fault);
      break;
    case "bookmark":
      server.bookmark();
      break;
    case "step":
      await timers.step(action.ms);
  }
}

function byKey(a: Thing, b: Thing): number {
  return keyOf(a).localeCompare(keyOf(b));
}

void it("whatever the server suffers, the store equals it soon after it is well again, and it isn't hammered", async () => {
  const scripts = fc.array(fc.tuple(actions, fc.boolean()), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(scripts, async (script) => {
      const server = new FaultyServer();
      const timers = new SteppedTimers();
      const store = createStore({ project: (thing: Thing) => thing, indices: {} });
      const reflector = createReflector({ source: server, store, timers, random: () => 0.5 });
      const stop = new AbortController();
      const ended = reflector.run(stop.signal);
      for (const [action, settles] of script) {
        await run(action, server, timers);
        if (settles) await settle();
      }
      server.suffer("come up");
      // The watchdog's 3 minutes, and the longest backoff twice.
      await timers.step(4 * 60_000);
      assert.equal(await Promise.race([reflector.synced, settle()]), true);
      assert.deepEqual(store.list().sort(byKey), [...server.things.values()].sort(byKey));
      // A list takes up to 3 pages; each fault costs a few requests at most, and time alone little.
      assert.ok(server.requests <= 30 + 8 * script.length, `${server.requests.toString()} requests`);
      stop.abort();
      await ended;
      assert.equal(timers.pending(), 0);
    }),
    { numRuns: 300 },
  );
});
