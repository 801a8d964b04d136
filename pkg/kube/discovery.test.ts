import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { connectScripted } from "./testing/scripted-connection.ts";
import type { KindCatalog } from "../api/kinds.ts";
import { ApiError } from "../runtime/api-error.ts";
import { discoverKinds } from "./discovery.ts";

const pods = {
  resource: "pods",
  responseKind: { group: "", version: "", kind: "Pod" },
  scope: "Namespaced",
  singularResource: "pod",
  shortNames: ["po"],
  subresources: [{ subresource: "log", responseKind: { kind: "Pod" } }],
};
const nodes = { resource: "nodes", responseKind: { kind: "Node" }, scope: "Cluster" };
const deployments = { resource: "deployments", responseKind: { kind: "Deployment" }, scope: "Namespaced" };
const core = group("", { version: "v1", freshness: "Current", resources: [pods, nodes] });

void describe("discovery", () => {
  it("asks for aggregated lists, twice, and gives each kind without subresources", async (t) => {
    const { server, connection } = await connectScripted(t, ({ path }) => answer(path === "/api" ? [core] : []));
    const catalog = await discoverKinds(connection);
    assert.deepEqual(server.calls.map(({ path }) => path).sort(), ["/api", "/apis"]);
    assert.ok(server.calls.every(({ headers }) => headers.accept?.includes("as=APIGroupDiscoveryList")));
    assert.deepEqual(catalog, {
      kinds: [
        { group: "", kind: "Pod", plural: "pods", singular: "pod", shortNames: ["po"], namespaced: true },
        { group: "", kind: "Node", plural: "nodes", singular: "", shortNames: [], namespaced: false },
      ],
      complete: true,
    });
  });

  it("gives a kind that is served in several versions once, as its preferred version has it", async (t) => {
    const [preferred, older] = ["deploy", "dep"].map((name) => [{ ...deployments, shortNames: [name] }]);
    const versions = [
      { version: "v1", freshness: "Current", resources: preferred },
      { version: "v1beta1", freshness: "Current", resources: older },
    ];
    const { kinds } = await discover(t, [group("apps", ...versions)]);
    assert.deepEqual(
      kinds.map(({ plural, shortNames }) => [plural, shortNames]),
      [["deployments", ["deploy"]]],
    );
  });

  it("keeps kinds of the same name in different groups apart", async (t) => {
    const version = { version: "v1", freshness: "Current", resources: [deployments] };
    const { kinds } = await discover(t, [group("apps", version), group("other.example", version)]);
    assert.deepEqual(
      kinds.map((kind) => kind.group),
      ["apps", "other.example"],
    );
  });

  it("leaves out what has only subresources", async (t) => {
    const bare = { resource: "things", scope: "Namespaced", subresources: [{ subresource: "status" }] };
    const { kinds } = await discover(t, [group("x", { version: "v1", freshness: "Current", resources: [bare] })]);
    assert.deepEqual(kinds, []);
  });

  const partial = {
    "a group whose server is away": group("metrics.k8s.io", {
      version: "v1beta1",
      freshness: "Stale",
      resources: [pods],
    }),
    "a group whose server was never reached": group("metrics.k8s.io", { version: "v1beta1", freshness: "Stale" }),
    "a group without any version": group("metrics.k8s.io"),
  };
  for (const [sentence, stale] of Object.entries(partial)) {
    it(`is not complete with ${sentence}`, async (t) => {
      assert.equal((await discover(t, [stale])).complete, false);
    });
  }

  it("fails where one of the two lists fails", async (t) => {
    const { connection } = await connectScripted(t, ({ path }) => (path === "/api" ? answer([core]) : { code: 503 }));
    await assert.rejects(discoverKinds(connection), ApiError);
  });

  it("says which Kubernetes it needs", async (t) => {
    const { connection } = await connectScripted(t, () => ({ json: { kind: "APIGroupList", groups: [] } }));
    await assert.rejects(discoverKinds(connection), /APIGroupList; Kubernetes 1.30 or later is needed/);
  });
});

async function discover(t: TestContext, groups: readonly unknown[]): Promise<KindCatalog> {
  const { connection } = await connectScripted(t, ({ path }) => answer(path === "/apis" ? groups : []));
  return await discoverKinds(connection);
}

function group(name: string, ...versions: readonly unknown[]): unknown {
  return { metadata: { name, creationTimestamp: null }, versions };
}

function answer(items: readonly unknown[]): { json: unknown } {
  return { json: { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", metadata: {}, items } };
}
