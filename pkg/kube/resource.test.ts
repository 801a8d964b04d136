import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Call, Reply } from "./testing/scripted-api-server.ts";
import { connectScripted } from "./testing/scripted-connection.ts";
import type { KubernetesObject } from "../api/meta.ts";
import { ApiError } from "../runtime/api-error.ts";
import { createResource } from "./resource.ts";
import type { ResourceType } from "./resource-path.ts";

interface Widget extends KubernetesObject {
  readonly spec?: { readonly size: number };
}

const widgets: ResourceType = {
  group: "example.com",
  version: "v1",
  plural: "widgets",
  kind: "Widget",
  namespaced: true,
};
const crates: ResourceType = {
  group: "example.com",
  version: "v1",
  plural: "crates",
  kind: "Crate",
  namespaced: false,
};
const ref = { namespace: "ns", name: "a" };
const path = "/apis/example.com/v1/namespaces/ns/widgets";
const stored: Widget = { metadata: { ...ref, resourceVersion: "5" }, spec: { size: 1 } };
const typed = { apiVersion: "example.com/v1", kind: "Widget", ...stored };
const gone = { code: 404, json: { kind: "Status", reason: "NotFound", details: { name: "a", kind: "widgets" } } };
const strict = { fieldValidation: "Strict" };

void describe("a resource", () => {
  it("gets an object as it is now", async (t) => {
    const { server, connection } = await connectScripted(t, () => ({ json: stored }));
    assert.deepEqual(await createResource<Widget>(connection, widgets).get(ref), stored);
    assertCall(server.calls[0], { method: "GET", path: `${path}/a`, query: {}, body: undefined });
  });

  it("gives undefined for an object that isn't there", async (t) => {
    const { connection } = await connectScripted(t, () => gone);
    assert.equal(await createResource<Widget>(connection, widgets).get(ref), undefined);
  });

  it("doesn't take a kind that isn't served for an object that isn't there", async (t) => {
    const { connection } = await connectScripted(t, () => ({ code: 404, text: "404 page not found\n" }));
    await assert.rejects(createResource<Widget>(connection, widgets).get(ref), isKind("missing"));
  });

  it("creates in the object's namespace, strictly, and says apiVersion and kind", async (t) => {
    const { server, connection } = await connectScripted(t, () => ({ code: 201, json: stored }));
    assert.deepEqual(await createResource<Widget>(connection, widgets).create(stored), stored);
    assertCall(server.calls[0], { method: "POST", path, query: strict, body: typed });
  });

  it("creates cluster-scoped objects", async (t) => {
    const { server, connection } = await connectScripted(t, () => ({ code: 201, json: {} }));
    await createResource(connection, crates).create({ metadata: { name: "b" } });
    assert.equal(server.calls[0]?.path, "/apis/example.com/v1/crates");
  });

  it("replaces the object or its status", async (t) => {
    const { server, connection } = await connectScripted(t, () => ({ json: stored }));
    const resource = createResource<Widget>(connection, widgets);
    await resource.replace(stored);
    await resource.replaceStatus(stored);
    assertCall(server.calls[0], { method: "PUT", path: `${path}/a`, query: strict, body: typed });
    assertCall(server.calls[1], { method: "PUT", path: `${path}/a/status`, query: strict, body: typed });
  });

  it("never replaces without a resourceVersion: that would overwrite anything", async (t) => {
    const { server, connection } = await connectScripted(t, () => ({}));
    const resource = createResource<Widget>(connection, widgets);
    await assert.rejects(resource.replace({ metadata: ref }), /update widgets a: it has no resourceVersion/);
    await assert.rejects(resource.replaceStatus({ metadata: ref }), TypeError);
    assert.equal(server.calls.length, 0);
  });

  it("sends a JSON patch as one", async (t) => {
    const { server, connection } = await connectScripted(t, () => ({ json: stored }));
    const operations = [
      { op: "test", path: "/metadata/uid", value: "u" } as const,
      { op: "remove", path: "/x" } as const,
    ];
    await createResource<Widget>(connection, widgets).jsonPatch(ref, operations);
    assertCall(server.calls[0], { method: "PATCH", path: `${path}/a`, query: {}, body: operations });
    assert.equal(server.calls[0]?.headers["content-type"], "application/json-patch+json");
  });

  it("deletes exactly one object", async (t) => {
    const { server, connection } = await connectScripted(t, () => ({ json: { kind: "Status" } }));
    const resource = createResource<Widget>(connection, widgets);
    await resource.delete(ref, { uid: "u", resourceVersion: "5", propagation: "Foreground", gracePeriodSeconds: 0 });
    await resource.delete(ref, { uid: "u" });
    const options = { apiVersion: "v1", kind: "DeleteOptions" };
    const all = {
      preconditions: { uid: "u", resourceVersion: "5" },
      propagationPolicy: "Foreground",
      gracePeriodSeconds: 0,
    };
    assertCall(server.calls[0], { method: "DELETE", path: `${path}/a`, query: {}, body: { ...options, ...all } });
    assert.deepEqual(server.calls[1]?.body, { ...options, preconditions: { uid: "u" } });
  });

  it("says when the object to delete is gone already", async (t) => {
    const { connection } = await connectScripted(t, () => gone);
    await assert.rejects(createResource<Widget>(connection, widgets).delete(ref, { uid: "u" }), isKind("notFound"));
  });

  it("refuses a name that would address the whole collection", async (t) => {
    const { server, connection } = await connectScripted(t, () => ({}));
    const nameless = { namespace: "ns", name: "" };
    await assert.rejects(createResource<Widget>(connection, widgets).delete(nameless, { uid: "u" }), TypeError);
    await assert.rejects(createResource<Widget>(connection, widgets).get(nameless), TypeError);
    assert.equal(server.calls.length, 0);
  });
});

void describe("a resource's list", () => {
  const query = { namespace: "ns", labelSelector: "a=b" };
  const expired = { code: 410, json: { kind: "Status", reason: "Expired" } };

  it("is read to its last page", async (t) => {
    const { server, connection } = await connectScripted(t, pages);
    const names = (await createResource<Widget>(connection, widgets).list(query)).map(({ metadata }) => metadata.name);
    assert.deepEqual(names, ["1", "2", "3"]);
    const first = { labelSelector: "a=b", limit: "500" };
    assert.deepEqual(
      server.calls.map((call) => [call.path, call.query]),
      [first, { ...first, continue: "2" }, { ...first, continue: "3" }].map((sent) => [path, sent]),
    );
  });

  it("may be empty, and of all namespaces", async (t) => {
    const { server, connection } = await connectScripted(t, () => ({ json: { metadata: {}, items: null } }));
    assert.deepEqual(await createResource<Widget>(connection, widgets).list({ labelSelector: "a" }), []);
    assert.equal(server.calls[0]?.path, "/apis/example.com/v1/widgets");
  });

  it("begins anew when its token has expired", async (t) => {
    const answers = [page("1", "2"), expired, page("1", "2"), page("2", "")];
    const { connection } = await connectScripted(t, () => answers.shift() ?? { code: 500 });
    const items = await createResource<Widget>(connection, widgets).list(query);
    assert.deepEqual(
      items.map(({ metadata }) => metadata.name),
      ["1", "2"],
    );
  });

  it("doesn't begin anew for ever", async (t) => {
    const { server, connection } = await connectScripted(t, (call) =>
      call.query["continue"] ? expired : page("1", "2"),
    );
    await assert.rejects(createResource<Widget>(connection, widgets).list(query), isKind("expired"));
    assert.equal(server.calls.length, 6);
  });

  it("fails at once where any page fails: part of a list is no list", async (t) => {
    const { server, connection } = await connectScripted(t, (call) =>
      call.query["continue"] ? { code: 500 } : page("1", "2"),
    );
    await assert.rejects(createResource<Widget>(connection, widgets).list(query), isKind("unknown"));
    assert.equal(server.calls.length, 2);
  });
});

function pages(call: Call): Reply {
  const number = Number(call.query["continue"] ?? "1");
  return page(String(number), number < 3 ? String(number + 1) : "");
}

function page(name: string, token: string): Reply {
  return {
    json: { metadata: { resourceVersion: "9", continue: token }, items: [{ metadata: { namespace: "ns", name } }] },
  };
}

function assertCall(call: Call | undefined, expected: Omit<Call, "headers">): void {
  assert.ok(call !== undefined);
  const { method, path: sentTo, query, body } = call;
  assert.deepEqual({ method, path: sentTo, query, body }, expected);
}

function isKind(kind: string): (error: unknown) => boolean {
  return (error) => error instanceof ApiError && error.facts.kind === kind;
}
