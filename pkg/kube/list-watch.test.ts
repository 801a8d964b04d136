import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import { describe, it } from "node:test";
import { connectScripted } from "./testing/scripted-connection.ts";
import type { KubernetesObject } from "../api/meta.ts";
import { ApiError } from "../runtime/api-error.ts";
import type { ListWatch, WatchEvent } from "../runtime/list-watch.ts";
import { createListWatch } from "./list-watch.ts";
import type { ResourceType } from "./resource-path.ts";

type Events = AsyncIterable<WatchEvent<KubernetesObject>>;

const widgets: ResourceType = {
  group: "example.com",
  version: "v1",
  plural: "widgets",
  kind: "Widget",
  namespaced: true,
};
const signal = new AbortController().signal;
const added = { type: "ADDED", object: { metadata: { name: "ä", resourceVersion: "6" } } };
const bookmark = { type: "BOOKMARK", object: { metadata: { resourceVersion: "7" } } };
const expired = { type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } };

void describe("a page of a list", () => {
  it("has its items, version and token; selectors and limit are asked for", async (t) => {
    const items = [{ metadata: { name: "a" } }];
    const { server, connection } = await connectScripted(t, () => ({
      json: { metadata: { resourceVersion: "5", continue: "next" }, items },
    }));
    const selection = { namespace: "ns", labelSelector: "a=b", fieldSelector: "status.phase=Pending" };
    const source = createListWatch(connection, widgets, selection);
    const page = await source.listPage({ limit: 2, continue: "before", signal });
    assert.deepEqual(page, { items, resourceVersion: "5", continue: "next" });
    const { namespace: _, ...selectors } = selection;
    assert.equal(server.calls[0]?.path, "/apis/example.com/v1/namespaces/ns/widgets");
    assert.deepEqual(server.calls[0].query, { ...selectors, limit: "2", continue: "before" });
  });

  it("has no token when it is the last", async (t) => {
    const json = { metadata: { resourceVersion: "5", continue: "" }, items: [] };
    const { server, connection } = await connectScripted(t, () => ({ json }));
    const page = await createListWatch(connection, widgets, {}).listPage({ limit: 500, signal });
    assert.deepEqual(page, { items: [], resourceVersion: "5" });
    assert.equal(server.calls[0]?.path, "/apis/example.com/v1/widgets");
  });

  it("says that its token has expired", async (t) => {
    const { connection } = await connectScripted(t, () => ({ code: 410, json: { kind: "Status", reason: "Expired" } }));
    const page = createListWatch(connection, widgets, {}).listPage({ limit: 500, continue: "old", signal });
    await assert.rejects(page, isKind("expired"));
  });
});

void describe("a watch", () => {
  it("asks for bookmarks and for an end in time, from the version told", async (t) => {
    const { server, connection } = await connectScripted(t, () => ({ text: "" }));
    const source = createListWatch(connection, widgets, { labelSelector: "a" }, () => 450);
    assert.deepEqual(await eventsOf(source.watch({ resourceVersion: "5", signal })), []);
    assert.deepEqual(server.calls[0]?.query, {
      labelSelector: "a",
      watch: "1",
      allowWatchBookmarks: "true",
      resourceVersion: "5",
      timeoutSeconds: "450",
    });
  });

  it("ends after five to ten minutes where nothing else is told", async (t) => {
    const { source, server } = await watching(t, (response) => response.end());
    await eventsOf(watch(source));
    const seconds = Number(server.calls[0]?.query["timeoutSeconds"]);
    assert.ok(seconds >= 300 && seconds <= 600, String(seconds));
  });

  it("gives every event as it came, errors too, and ends with the stream", async (t) => {
    const { source } = await watching(t, (response) => response.end(lines(added, bookmark, expired)));
    assert.deepEqual(await eventsOf(watch(source)), [added, bookmark, expired]);
  });

  it("asks nothing until its first event is wanted", async (t) => {
    const { source, server } = await watching(t, (response) => response.end());
    const events = watch(source);
    assert.equal(server.calls.length, 0);
    await eventsOf(events);
    assert.equal(server.calls.length, 1);
  });

  it("reads on only as events are taken: what isn't taken stays with the server", async (t) => {
    const event = lines({ ...added, padding: "x".repeat(64 * 1024) });
    let written = 0;
    const { server, connection } = await connectScripted(t, ({ path }) =>
      path === "/ping"
        ? {}
        : (response: ServerResponse) => pipeline(endless(), response.writeHead(200), () => undefined),
    );
    async function* endless(): AsyncGenerator<string> {
      for (; written < 1024; written += 1) yield await Promise.resolve(event);
    }
    for await (const { type } of watch(createListWatch(connection, widgets, {}))) {
      assert.equal(type, "ADDED");
      // Time for the server to send all of it, if it could.
      for (let i = 0; i < 200; i += 1) await connection.request({ verb: "get", resource: "ping", path: "/ping" });
      assert.ok(written < 512, `${String(written)} events were read ahead`);
      break;
    }
    await server.idle();
  });

  it("gives what came before it was cut off, then fails", async (t) => {
    const { source } = await watching(t, (response) => response.write(lines(added), () => response.destroy()));
    const seen: unknown[] = [];
    await assert.rejects(async () => {
      for await (const event of watch(source)) seen.push(event);
    }, isKind("unknown"));
    assert.deepEqual(seen, [added]);
  });

  const broken = {
    "half a line": { text: `${lines(added)}{"type":"ADD`, says: /ended within a line/ },
    "something else than JSON": { text: "<html>\n", says: /watch widgets: no usable answer: .*not valid JSON/ },
    "an endless line": { text: "x".repeat(17 * 1024 * 1024), says: /a line of the stream is longer than/ },
  };
  for (const [sentence, { text, says }] of Object.entries(broken)) {
    it(`fails at ${sentence}`, async (t) => {
      const { source } = await watching(t, (response) => response.end(text));
      await assert.rejects(eventsOf(watch(source)), says);
      await assert.rejects(eventsOf(watch(source)), isKind("unknown"));
    });
  }

  it("that is refused fails with what the server said", async (t) => {
    const { connection } = await connectScripted(t, () => ({ code: 410, json: { kind: "Status", reason: "Gone" } }));
    await assert.rejects(eventsOf(watch(createListWatch(connection, widgets, {}))), isKind("expired"));
  });

  it("frees its connection when its reader leaves", async (t) => {
    const { source, server } = await watching(t, (response) => response.write(lines(added)));
    for await (const event of watch(source)) {
      assert.deepEqual(event, added);
      break;
    }
    await server.idle();
  });

  it("frees its connection when it is aborted", async (t) => {
    const { source, server } = await watching(t, (response) => response.write(lines(added)));
    const controller = new AbortController();
    await assert.rejects(async () => {
      for await (const _event of source.watch({ resourceVersion: "5", signal: controller.signal })) {
        controller.abort(new Error("stopping"));
      }
    }, /watch widgets: no usable answer: stopping/);
    await server.idle();
  });
});

interface Watching {
  readonly source: ListWatch<KubernetesObject>;
  readonly server: Awaited<ReturnType<typeof connectScripted>>["server"];
}

/** Widgets whose watch is answered by that function, headers sent. */
async function watching(
  t: Parameters<typeof connectScripted>[0],
  answer: (response: ServerResponse) => unknown,
): Promise<Watching> {
  const { server, connection } = await connectScripted(t, () => (response: ServerResponse) => {
    response.writeHead(200);
    answer(response);
  });
  return { server, source: createListWatch(connection, widgets, {}) };
}

function watch(source: ListWatch<KubernetesObject>): Events {
  return source.watch({ resourceVersion: "5", signal });
}

async function eventsOf(events: Events): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

function lines(...events: readonly unknown[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join("");
}

function isKind(kind: string): (error: unknown) => boolean {
  return (error) => error instanceof ApiError && error.facts.kind === kind;
}
