import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ApiError } from "./api-error.ts";
import { listAll } from "./list-all.ts";
import { ScriptedSource } from "./testing/scripted-source.ts";
import { settle } from "./testing/stepped-timers.ts";
import { aThing, type Thing } from "./testing/stored-thing.ts";

const never = new AbortController().signal;

function nameOf({ metadata }: Thing): string {
  return metadata.name;
}

describe("listAll", () => {
  it("follows the continue tokens and gives what is kept of all pages, and their version", async () => {
    const source = new ScriptedSource<Thing>();
    const listing = listAll(source, { keep: nameOf, pageSize: 2, signal: never });
    source.list().answer({ items: [aThing("a", 1), aThing("b", 2)], resourceVersion: "9", continue: "next" });
    await settle();
    source.list().answer({ items: [aThing("c", 3)], resourceVersion: "9", continue: "" });
    assert.deepEqual(await listing, { objects: ["a", "b", "c"], resourceVersion: "9" });
    const queries = source.lists.map(({ query }) => [query.limit, query.continue]);
    assert.deepEqual(queries, [
      [2, undefined],
      [2, "next"],
    ]);
  });

  it("gives nothing where a later page fails", async () => {
    const source = new ScriptedSource<Thing>();
    const listing = listAll(source, { keep: nameOf, pageSize: 1, signal: never });
    source.list().answer({ items: [aThing("a", 6)], resourceVersion: "9", continue: "next" });
    await settle();
    source.list().fail(new ApiError("token too old", { kind: "expired", code: 410 }));
    await assert.rejects(listing, /token too old/);
  });

  it("stops waiting for a page that hangs when the signal aborts", async () => {
    const source = new ScriptedSource<Thing>();
    const abort = new AbortController();
    const listing = listAll(source, { keep: nameOf, pageSize: 1, signal: abort.signal });
    abort.abort(new Error("stopped"));
    await assert.rejects(listing, /stopped/);
  });

  it("takes a page of any size, whatever was asked for", async () => {
    const source = new ScriptedSource<Thing>();
    const listing = listAll(source, { keep: nameOf, pageSize: 500, signal: never });
    const items = Array.from({ length: 130_000 }, (_, i) => aThing(`a${i.toString()}`, i + 1));
    source.list().answer({ items, resourceVersion: "130000" });
    const { objects } = await listing;
    assert.equal(objects.length, 130_000);
  });
});
