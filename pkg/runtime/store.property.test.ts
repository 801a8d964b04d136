import fc from "fast-check";
import assert from "node:assert/strict";
import { it } from "node:test";
import type { WatchEvent } from "./list-watch.ts";
import { isNewer } from "./resource-version.ts";
import { createStore, keyOf, type Store } from "./store.ts";
import { aBookmark, aThing, type Thing } from "./testing/stored-thing.ts";

type Told = Exclude<WatchEvent<Thing>, { type: "ERROR" }>;
const names = ["a", "b", "c"];

/**
 * One kind on an API server: the truth, the events that the watch hasn't delivered yet (in order), and the answers to our own
 * writes that are still on their way (in any order). `hide` is a write after which the selector no longer matches.
 */
type Action =
  | { readonly do: "put" | "hide" | "delete"; readonly name: string; readonly ours: boolean }
  | { readonly do: "deliver" | "bookmark" | "relist" }
  | { readonly do: "answer"; readonly which: number };

const actions: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom("put" as const, "put" as const, "hide" as const, "delete" as const),
      name: fc.constantFrom(...names),
      ours: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("deliver" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("bookmark" as const, "relist" as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("answer" as const), which: fc.nat() }) },
);

class World {
  /** Starts near 10 and 100, where comparing versions as text goes wrong. */
  version = 7;
  readonly visible = new Map<string, Thing>();
  readonly undelivered: Told[] = [];
  readonly answers: Thing[] = [];
  readonly store: Store<Thing, Thing, "color"> = createStore({
    project: (thing: Thing) => thing,
    indices: { color: (thing) => [thing.color] },
  });

  constructor() {
    this.relist();
  }

  run(action: Action): void {
    switch (action.do) {
      case "put":
      case "hide":
        this.write(action.name, action.ours, action.do);
        break;
      case "delete":
        this.remove(aThing(action.name, (this.version += 1)));
        break;
      case "answer":
        this.answer(action.which);
        break;
      case "deliver":
      case "bookmark":
      case "relist":
        this[action.do]();
    }
  }

  write(name: string, ours: boolean, how: "put" | "hide"): void {
    const thing = aThing(name, (this.version += 1), this.version % 2 === 0 ? "red" : "blue");
    if (ours) this.answers.push(thing);
    if (how === "hide") {
      this.remove(thing);
      return;
    }
    this.undelivered.push({ type: this.visible.has(keyOf(thing)) ? "MODIFIED" : "ADDED", object: thing });
    this.visible.set(keyOf(thing), thing);
  }

  remove(last: Thing): void {
    if (this.visible.delete(keyOf(last))) this.undelivered.push({ type: "DELETED", object: last });
  }

  deliver(): void {
    const event = this.undelivered.shift();
    if (event !== undefined) this.store.apply(event);
  }

  bookmark(): void {
    if (this.undelivered.length === 0) this.store.apply(aBookmark(this.version));
  }

  relist(): void {
    this.undelivered.length = 0;
    this.store.replaceAll([...this.visible.values()], this.version.toString());
  }

  answer(which: number): void {
    const [thing] = this.answers.splice(which % Math.max(1, this.answers.length), 1);
    if (thing !== undefined) this.store.applyWrite(thing);
  }
}

/** Never back to before a version that the store held, unless lists or watch told that the object is gone. */
function assertNoStepBack(world: World, before: ReadonlyMap<string, string>): void {
  for (const [key, version] of before) {
    const now = world.store.get(key)?.metadata.resourceVersion;
    if (now !== undefined) assert.ok(!isNewer(version, now), `${key} went from ${version} back to ${now}`);
    else assert.ok(!isNewer(version, world.store.lastSeen() ?? "0"), `${key} vanished although its write is newer`);
  }
}

function versions(world: World): Map<string, string> {
  return new Map(world.store.list().map((thing) => [keyOf(thing), thing.metadata.resourceVersion ?? ""]));
}

function byKey(a: Thing, b: Thing): number {
  return keyOf(a).localeCompare(keyOf(b));
}

function assertEqualsTruth(world: World): void {
  const truth = [...world.visible.values()].sort(byKey);
  assert.deepEqual(world.store.list().sort(byKey), truth);
  for (const color of ["red", "blue"]) {
    const colored = truth.filter((thing) => thing.color === color);
    assert.deepEqual(world.store.byIndex("color", color).sort(byKey), colored);
  }
}

void it("own writes, late events and lists in any order never set an object back and end at the newest state", () => {
  fc.assert(
    fc.property(fc.array(actions, { maxLength: 120 }), fc.boolean(), (script, answersFirst) => {
      const world = new World();
      for (const action of script) {
        const before = versions(world);
        world.run(action);
        assertNoStepBack(world, before);
      }
      while (answersFirst && world.answers.length > 0) world.answer(0);
      while (world.undelivered.length > 0) world.deliver();
      while (world.answers.length > 0) world.answer(0);
      world.bookmark();
      assertEqualsTruth(world);
    }),
    { numRuns: 2000 },
  );
});
