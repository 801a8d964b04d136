import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ApiError } from "./api-error.ts";
import { listAll } from "./list-all.ts";
import { createStore, type Store } from "./store.ts";
import { ScriptedSource } from "./testing/scripted-source.ts";
import { settle } from "./testing/stepped-timers.ts";
import { aThing, type Thing } from "./testing/stored-thing.ts";

const never = new AbortController().signal;

function aStore(): Store<Thing, Thing> {
  return createStore({ project: (thing: Thing) => ({ ...thing, color: "projected" }), indices: {} });
}

describe("listAll", () => {
  it("follows the continue tokens and fills the store once, with the projection of all pages", async () => {
    const source = new ScriptedSource<Thing>();
    const store = aStore();
    const listing = listAll(source, store, 2, never);
    source.list().answer({ items: [aThing("a", 1), aThing("b", 2)], resourceVersion: "9", continue: "next" });
    await settle();
    assert.deepEqual(store.list(), []);
    source.list().answer({ items: [aThing("c", 3)], resourceVersion: "9", continue: "" });
    await listing;
    const queries = source.lists.map(({ query }) => [query.limit, query.continue]);
    assert.deepEqual(queries, [
      [2, undefined],
      [2, "next"],
    ]);
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
    const source = new ScriptedSource<Thing>();
    const store = aStore();
    store.replaceAll([aThing("old", 1)], "5");
    const listing = listAll(source, store, 1, never);
    source.list().answer({ items: [aThing("a", 6)], resourceVersion: "9", continue: "next" });
    await settle();
    source.list().fail(new ApiError("token too old", { kind: "expired", code: 410 }));
    await assert.rejects(listing, /token too old/);
    assert.deepEqual(store.list(), [aThing("old", 1)]);
    assert.equal(store.lastSeen(), "5");
  });

  it("stops waiting for a page that hangs when the signal aborts", async () => {
    const source = new ScriptedSource<Thing>();
    const abort = new AbortController();
    const listing = listAll(source, aStore(), 1, abort.signal);
    abort.abort(new Error("stopped"));
    await assert.rejects(listing, /stopped/);
  });

  it("takes a page of any size, whatever was asked for", async () => {
    const source = new ScriptedSource<Thing>();
    const store = aStore();
    const listing = listAll(source, store, 500, never);
    const items = Array.from({ length: 130_000 }, (_, i) => aThing(`a${i.toString()}`, i + 1));
    source.list().answer({ items, resourceVersion: "130000" });
    await listing;
    assert.equal(store.list().length, 130_000);
  });
});
