import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createListWatch } from "../../../pkg/kube/list-watch.ts";
import { createResource } from "../../../pkg/kube/resource.ts";
import type { ListPage, ListWatch, WatchEvent } from "../../../pkg/runtime/list-watch.ts";
import { waitFor } from "../../cluster/wait.ts";
import { NAMESPACE, useCluster } from "./cluster-context.ts";
import { expectError } from "./expect-error.ts";
import { type Widget, widgets } from "./widget.ts";

const DEADLINE_MS = 30_000;

const context = useCluster();

function watched(set: string): ListWatch<Widget> {
  return createListWatch<Widget>(context.connection(), widgets, { labelSelector: `set=${set}` });
}
function create(set: string, name: string, size = 1): Promise<Widget> {
  const metadata = { namespace: NAMESPACE, name, labels: { set } };
  return createResource<Widget>(context.connection(), widgets).create({ metadata, spec: { size } });
}
async function change(widget: Widget, size: number): Promise<void> {
  const patch = [{ op: "replace", path: "/spec/size", value: size }] as const;
  await createResource<Widget>(context.connection(), widgets).jsonPatch(widget.metadata, patch);
}
async function remove({ metadata }: Widget): Promise<void> {
  await createResource<Widget>(context.connection(), widgets).delete(metadata, { uid: metadata.uid ?? "" });
}

void describe("a list by pages", () => {
  it("gives every object once, with the version of the whole list", async () => {
    const names = Array.from({ length: 5 }, (_, i) => `page-${String(i)}`);
    for (const name of names) await create("pages", name);
    const pages = await pagesOf(watched("pages"), 2);
    assert.deepEqual(
      pages.map(({ items }) => items.length),
      [2, 2, 1],
    );
    assert.deepEqual(
      pages.flatMap(({ items }) => items.map(({ metadata }) => metadata.name)),
      names,
    );
    assert.equal(new Set(pages.map(({ resourceVersion }) => resourceVersion)).size, 1);
  });

  it("refuses a token that it never gave", async () => {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const page = watched("pages").listPage({ limit: 2, continue: "made-up", signal });
    await expectError(page, "rejected", 400);
  });
});

void describe("a watch", () => {
  it("tells what happens after the list, and can be resumed after any event", async () => {
    const source = watched("resumed");
    const { resourceVersion } = await source.listPage({ limit: 500, signal: AbortSignal.timeout(DEADLINE_MS) });
    const widget = await create("resumed", "resumed");
    await create("another", "not-watched");
    await change(widget, 2);
    await remove(widget);
    const events = await take(source, resourceVersion, 3);
    assert.deepEqual(
      events.map(({ type, object }) => [type, "spec" in object ? object.spec.size : undefined]),
      [
        ["ADDED", 1],
        ["MODIFIED", 2],
        ["DELETED", 2],
      ],
    );
    const [first] = events;
    assert.ok(first !== undefined && "metadata" in first.object);
    const rest = await take(source, first.object.metadata.resourceVersion ?? "", 2);
    assert.deepEqual(rest, events.slice(1));
  });

  it("sends bookmarks: how far it has come although nothing was for us", async () => {
    const selection = { labelSelector: "set=quiet" };
    // The server sends one a minute, and one two seconds before it closes.
    const source = createListWatch<Widget>(context.connection(), widgets, selection, () => 5);
    const { resourceVersion } = await source.listPage({ limit: 500, signal: AbortSignal.timeout(DEADLINE_MS) });
    let bookmark: string | undefined;
    const watching = firstBookmark(source, resourceVersion).then((version) => {
      bookmark = version;
    });
    let noises = 0;
    await waitFor("a bookmark", DEADLINE_MS, async () => {
      await create("noisy", `noise-${String((noises += 1))}`);
      return bookmark !== undefined;
    });
    await watching;
    assert.ok(BigInt(bookmark ?? 0) > BigInt(resourceVersion));
  });

  it("from a version that the server has forgotten ends with 410", async () => {
    const [event] = await take(watched("old"), "1", 1);
    assert.ok(event?.type === "ERROR", JSON.stringify(event));
    assert.equal(event.object.code, 410);
  });

  it("of a kind that isn't served fails", async () => {
    const source = createListWatch(context.connection(), { ...widgets, plural: "nothings" }, {});
    await expectError(take(source, "1", 1), "missing", 404);
  });

  it("tells characters of every length as they were written", async () => {
    const source = watched("characters");
    const { resourceVersion } = await source.listPage({ limit: 500, signal: AbortSignal.timeout(DEADLINE_MS) });
    const padding = "aü→😀".repeat(50_000);
    const metadata = { namespace: NAMESPACE, name: "characters", labels: { set: "characters" } };
    await createResource<Widget>(context.connection(), widgets).create({ metadata, spec: { size: 1, padding } });
    const [event] = await take(source, resourceVersion, 1);
    assert.ok(event?.type === "ADDED");
    assert.ok(event.object.spec.padding === padding);
  });
});

async function pagesOf(source: ListWatch<Widget>, limit: number): Promise<ListPage<Widget>[]> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const pages: ListPage<Widget>[] = [];
  let token: string | undefined;
  do {
    const page = await source.listPage({ limit, signal, ...(token === undefined ? {} : { continue: token }) });
    pages.push(page);
    token = page.continue;
  } while (token !== undefined);
  return pages;
}

/** The first events after that version; bookmarks are left out. Fails if they don't come in time. */
async function take<T>(source: ListWatch<T>, resourceVersion: string, count: number): Promise<WatchEvent<T>[]> {
  const events: WatchEvent<T>[] = [];
  for await (const event of source.watch({ resourceVersion, signal: AbortSignal.timeout(DEADLINE_MS) })) {
    if (event.type !== "BOOKMARK") events.push(event);
    if (events.length === count) break;
  }
  return events;
}

async function firstBookmark(source: ListWatch<unknown>, resourceVersion: string): Promise<string> {
  for await (const event of source.watch({ resourceVersion, signal: AbortSignal.timeout(DEADLINE_MS) })) {
    if (event.type === "BOOKMARK") return event.object.metadata.resourceVersion ?? "";
  }
  throw new Error("the watch ended without a bookmark");
}
