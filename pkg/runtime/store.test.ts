import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WatchEvent } from "./list-watch.ts";
import { createStore, keyOf, type Store, type StoreChange } from "./store.ts";
import { aBookmark, aThing, type Thing } from "./testing/stored-thing.ts";

type Told = Exclude<WatchEvent<Thing>, { type: "ERROR" }>;

function emptyStore(): Store<Thing, Thing, "color"> {
  return createStore({ project: (thing: Thing) => thing, indices: { color: (thing) => [thing.color] } });
}

function told(type: "ADDED" | "MODIFIED" | "DELETED", thing: Thing): Told {
  return { type, object: thing };
}

function versionIn(store: Store<Thing, Thing, "color">, key = "ns/a"): string | undefined {
  return store.get(key)?.metadata.resourceVersion;
}

describe("keyOf", () => {
  it("is namespace/name", () => {
    assert.equal(keyOf(aThing("a", 1)), "ns/a");
  });
  it("is the name alone where the object is cluster-scoped", () => {
    assert.equal(keyOf({ metadata: { name: "a" } }), "a");
  });
});

describe("a store's version of an object `a` (what came in, in order, and what is kept)", () => {
  const cases: Record<string, { steps: ((store: Store<Thing, Thing, "color">) => void)[]; kept: string | undefined }> =
    {
      "is the list's": { steps: [list(5, aThing("a", 3))], kept: "3" },
      "is the watch's": { steps: [list(5), event(told("ADDED", aThing("a", 6)))], kept: "6" },
      "follows later events": {
        steps: [list(5, aThing("a", 3)), event(told("MODIFIED", aThing("a", 10)))],
        kept: "10",
      },
      "is gone once the watch told the deletion": {
        steps: [list(5, aThing("a", 3)), event(told("DELETED", aThing("a", 6)))],
        kept: undefined,
      },
      "is that of our own write at once": { steps: [list(5, aThing("a", 3)), write(aThing("a", 9))], kept: "9" },
      "is that of our own write before the first list too": { steps: [write(aThing("a", 9))], kept: "9" },
      "isn't set back by a late event from before our own write": {
        steps: [list(5, aThing("a", 3)), write(aThing("a", 9)), event(told("MODIFIED", aThing("a", 7)))],
        kept: "9",
      },
      "isn't set back by the late answer to our own older write": {
        steps: [list(5), event(told("ADDED", aThing("a", 9))), write(aThing("a", 7))],
        kept: "9",
      },
      "survives the late deletion of an earlier object of that name": {
        steps: [list(5, aThing("a", 3)), write(aThing("a", 9)), event(told("DELETED", aThing("a", 7)))],
        kept: "9",
      },
      "is gone when the watch tells a deletion after our own write": {
        steps: [list(5), write(aThing("a", 9)), event(told("DELETED", aThing("a", 11)))],
        kept: undefined,
      },
      "is gone when our own write made it leave the watch's selector": {
        steps: [list(5, aThing("a", 3)), write(aThing("a", 9)), event(told("DELETED", aThing("a", 9)))],
        kept: undefined,
      },
      "isn't revived by the late answer to a write, after its deletion was told": {
        steps: [list(5, aThing("a", 3)), event(told("DELETED", aThing("a", 9))), write(aThing("a", 7))],
        kept: undefined,
      },
      "isn't revived by the late answer to a write that a bookmark has passed": {
        steps: [list(5), event(aBookmark(20)), write(aThing("a", 7))],
        kept: undefined,
      },
      "isn't revived by the late answer to a write that a list has passed": {
        steps: [list(5), list(20), write(aThing("a", 7))],
        kept: undefined,
      },
      "stays through a list from before our own write": {
        steps: [list(5), write(aThing("a", 9)), list(8)],
        kept: "9",
      },
      "stays through a list that has an older one": {
        steps: [list(5), write(aThing("a", 9)), list(8, aThing("a", 7))],
        kept: "9",
      },
      "is gone after a list that no longer has it": {
        steps: [list(5), write(aThing("a", 9)), list(20)],
        kept: undefined,
      },
      "is dropped when the watch passes our own write without telling it: the selector doesn't match": {
        steps: [list(5), write(aThing("a", 9)), event(aBookmark(9))],
        kept: undefined,
      },
      "is dropped when somebody made it leave the selector right before our own write": {
        steps: [
          list(5, aThing("a", 3)),
          write(aThing("a", 9)),
          event(told("DELETED", aThing("a", 8))),
          event(told("ADDED", aThing("b", 10))),
        ],
        kept: undefined,
      },
      "stays when the watch told our own write and passes it": {
        steps: [list(5), write(aThing("a", 9)), event(told("ADDED", aThing("a", 9))), event(aBookmark(12))],
        kept: "9",
      },
      "stays when the watch told a newer one than our own write": {
        steps: [
          list(5, aThing("a", 3)),
          write(aThing("a", 9)),
          event(told("MODIFIED", aThing("a", 10))),
          event(aBookmark(12)),
        ],
        kept: "10",
      },
      "stays when a list told our own write and a bookmark passes it": {
        steps: [list(5), write(aThing("a", 9)), list(10, aThing("a", 9)), event(aBookmark(12))],
        kept: "9",
      },
      "stays after etcd was set back, whatever was written before": {
        steps: [list(5), write(aThing("a", 9)), list(4, aThing("a", 3)), event(aBookmark(12))],
        kept: "3",
      },
      "is the list's after etcd was set back to an older backup": {
        steps: [list(50, aThing("a", 45)), write(aThing("a", 60)), list(8, aThing("a", 7))],
        kept: "7",
      },
      "is gone after etcd was set back to a backup without it": {
        steps: [list(50, aThing("a", 45)), write(aThing("a", 60)), list(8)],
        kept: undefined,
      },
    };
  for (const [name, { steps, kept }] of Object.entries(cases)) {
    it(name, () => {
      const store = emptyStore();
      for (const step of steps) step(store);
      assert.equal(versionIn(store), kept);
    });
  }

  function list(version: number, ...things: Thing[]): (store: Store<Thing, Thing, "color">) => void {
    return (store) => {
      store.replaceAll(things, version.toString());
    };
  }
  function event(one: Told): (store: Store<Thing, Thing, "color">) => void {
    return (store) => {
      store.apply(one);
    };
  }
  function write(thing: Thing): (store: Store<Thing, Thing, "color">) => void {
    return (store) => {
      store.applyWrite(thing);
    };
  }
});

describe("lastSeen", () => {
  it("is undefined before the first list", () => {
    assert.equal(emptyStore().lastSeen(), undefined);
  });

  it("follows lists, events and bookmarks, and not our own writes", () => {
    const store = emptyStore();
    const seen: (string | undefined)[] = [];
    store.replaceAll([aThing("a", 3)], "5");
    seen.push(store.lastSeen());
    store.apply(told("MODIFIED", aThing("a", 9)));
    seen.push(store.lastSeen());
    store.apply(aBookmark(12));
    seen.push(store.lastSeen());
    store.applyWrite(aThing("a", 20));
    seen.push(store.lastSeen());
    assert.deepEqual(seen, ["5", "9", "12", "12"]);
  });
});

describe("a store's indices", () => {
  it("find objects by what is in them now", () => {
    const store = emptyStore();
    store.replaceAll([aThing("a", 1), aThing("b", 2)], "5");
    store.apply(told("MODIFIED", aThing("a", 6, "blue")));
    assert.deepEqual(store.byIndex("color", "red"), [aThing("b", 2)]);
    assert.deepEqual(store.byIndex("color", "blue"), [aThing("a", 6, "blue")]);
    store.replaceAll([], "7");
    assert.deepEqual(store.byIndex("color", "blue"), []);
    assert.deepEqual(store.list(), []);
  });
});

describe("a store's projection", () => {
  it("is what is kept, indexed and told", () => {
    const store = createStore({
      project: ({ metadata, color }: Thing) => ({ metadata, isRed: color === "red" }),
      indices: { red: (kept) => [kept.isRed.toString()] },
    });
    const changes: unknown[] = [];
    store.subscribe((change) => changes.push(change));
    const kept = { metadata: aThing("a", 6).metadata, isRed: true };
    store.applyWrite(aThing("a", 6));
    assert.deepEqual(store.byIndex("red", "true"), [kept]);
    assert.deepEqual(changes, [{ key: "ns/a", after: kept }]);
  });
});

describe("a store's listener", () => {
  function listened(): { store: Store<Thing, Thing, "color">; changes: StoreChange<Thing>[]; stop: () => void } {
    const store = emptyStore();
    store.replaceAll([aThing("a", 3), aThing("b", 4)], "5");
    const changes: StoreChange<Thing>[] = [];
    const stop = store.subscribe((change) => {
      changes.push(change);
    });
    return { store, changes, stop };
  }

  it("hears appearance, change and disappearance with what was before and after", () => {
    const { store, changes } = listened();
    store.apply(told("ADDED", aThing("c", 6)));
    store.apply(told("MODIFIED", aThing("a", 7)));
    store.apply(told("DELETED", aThing("b", 8)));
    assert.deepEqual(changes, [
      { key: "ns/c", after: aThing("c", 6) },
      { key: "ns/a", before: aThing("a", 3), after: aThing("a", 7) },
      { key: "ns/b", before: aThing("b", 4) },
    ]);
  });

  it("hears of our own write once: not again when the watch tells it", () => {
    const { store, changes } = listened();
    store.applyWrite(aThing("a", 6));
    store.apply(told("MODIFIED", aThing("a", 6)));
    assert.deepEqual(changes, [{ key: "ns/a", before: aThing("a", 3), after: aThing("a", 6) }]);
  });

  it("hears after a list only of what differs, and finds the whole list in place", () => {
    const { store, changes } = listened();
    const sizes: number[] = [];
    store.subscribe(() => sizes.push(store.list().length));
    store.replaceAll([aThing("a", 3), aThing("c", 6), aThing("d", 7)], "9");
    assert.deepEqual(changes.map((change) => change.key).sort(), ["ns/b", "ns/c", "ns/d"]);
    assert.deepEqual(sizes, [3, 3, 3]);
  });

  it("hears nothing of a bookmark and of what is older than what is known", () => {
    const { store, changes } = listened();
    store.apply(aBookmark(8));
    store.apply(told("MODIFIED", aThing("a", 2)));
    store.applyWrite(aThing("b", 3));
    assert.deepEqual(changes, []);
  });

  it("hears nothing more once it unsubscribed", () => {
    const { store, changes, stop } = listened();
    stop();
    store.applyWrite(aThing("a", 6));
    assert.deepEqual(changes, []);
  });
});

describe("an object without a comparable version", () => {
  it("is refused, and changes nothing", () => {
    const store = emptyStore();
    store.replaceAll([aThing("a", 3)], "5");
    const nameless = { metadata: { namespace: "ns", name: "a" }, color: "red" };
    assert.throws(() => {
      store.applyWrite(nameless);
    }, /no comparable resourceVersion/);
    assert.throws(() => {
      store.apply(told("MODIFIED", nameless));
    }, /no comparable resourceVersion/);
    assert.equal(versionIn(store), "3");
  });
});
