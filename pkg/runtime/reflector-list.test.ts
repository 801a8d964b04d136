import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ApiError } from "./api-error.ts";
import { createReflector } from "./reflector.ts";
import { createStore, type Store } from "./store.ts";
import { ScriptedSource } from "./testing/scripted-source.ts";
import { settle, SteppedTimers } from "./testing/stepped-timers.ts";
import { aThing, type Thing } from "./testing/stored-thing.ts";

interface Listing {
  readonly source: ScriptedSource<Thing>;
  readonly store: Store<Thing, Thing>;
}

/** A reflector that has asked for its first list; something is in its store already. */
async function list(): Promise<Listing> {
  const source = new ScriptedSource<Thing>();
  const store = createStore({ project: (thing: Thing) => ({ ...thing, color: "projected" }), indices: {} });
  store.replaceAll([aThing("old", 1)], "5");
  void createReflector({ source, store, timers: new SteppedTimers(), random: () => 1 }).run(
    new AbortController().signal,
  );
  await settle();
  return { source, store };
}

describe("a reflector's list", () => {
  it("fills the store once, with the projection of all pages", async () => {
    const { source, store } = await list();
    source.list().answer({ items: [aThing("a", 6), aThing("b", 7)], resourceVersion: "9", continue: "next" });
    await settle();
    assert.deepEqual(store.list(), [aThing("old", 1)]);
    source.list().answer({ items: [aThing("c", 8)], resourceVersion: "9", continue: "" });
    await settle();
    assert.deepEqual(
      store.list().map(({ metadata, color }) => [metadata.name, color]),
      [
        ["a", "projected"],
        ["b", "projected"],
        ["c", "projected"],
      ],
    );
    assert.equal(store.lastSeen(), "9");
  });

  it("leaves the store as it was where a later page fails", async () => {
    const { source, store } = await list();
    source.list().answer({ items: [aThing("a", 6)], resourceVersion: "9", continue: "next" });
    await settle();
    source.list().fail(new ApiError("token too old", { kind: "expired", code: 410 }));
    await settle();
    assert.deepEqual(store.list(), [aThing("old", 1)]);
    assert.equal(store.lastSeen(), "5");
  });
});
