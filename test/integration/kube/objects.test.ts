import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ObjectMeta } from "../../../pkg/api/meta.ts";
import type { ResourceApi } from "../../../pkg/controller/ports.ts";
import { createResource } from "../../../pkg/kube/resource.ts";
import { waitFor } from "../../cluster/wait.ts";
import { NAMESPACE, useCluster } from "./cluster-context.ts";
import { expectError } from "./expect-error.ts";
import { type ConfigMap, configMaps, type Widget, widgets } from "./widget.ts";

const context = useCluster();

function api(): ResourceApi<Widget> {
  return createResource<Widget>(context.connection(), widgets);
}
function created(name: string, labels: Readonly<Record<string, string>> = {}): Promise<Widget> {
  return api().create({ metadata: { namespace: NAMESPACE, name, labels }, spec: { size: 1 } });
}

void describe("objects of a custom resource", () => {
  it("are created, read, replaced, patched and deleted", async () => {
    const widget = await created("life");
    assert.deepEqual(await api().get(widget.metadata), widget);
    const larger = await api().replace({ ...widget, spec: { size: 2 } });
    assert.equal(larger.spec.size, 2);
    assert.notEqual(larger.metadata.resourceVersion, widget.metadata.resourceVersion);
    const patched = await api().jsonPatch(widget.metadata, [{ op: "replace", path: "/spec/size", value: 3 }]);
    assert.equal(patched.spec.size, 3);
    await api().delete(widget.metadata, exactly(patched));
    assert.equal(await api().get(widget.metadata), undefined);
  });

  it("have a status of their own: each write leaves the other half alone", async () => {
    const widget = await created("halves");
    const running = await api().replaceStatus({ ...widget, spec: { size: 9 }, status: { phase: "Running" } });
    assert.deepEqual([running.spec.size, running.status?.phase], [1, "Running"]);
    const larger = await api().replace({ ...running, spec: { size: 2 }, status: { phase: "Other" } });
    assert.deepEqual([larger.spec.size, larger.status?.phase], [2, "Running"]);
  });

  it("are listed by label, in one namespace or in all, page by page", async () => {
    const names = Array.from({ length: 7 }, (_, i) => `listed-${String(i)}`);
    await Promise.all(names.map((name) => created(name, { set: "listed" })));
    const query = { labelSelector: "set=listed" };
    const listed = await api().list({ ...query, namespace: NAMESPACE });
    assert.deepEqual(listed.map(({ metadata }) => metadata.name).sort(), names);
    assert.equal((await api().list(query)).length, names.length);
    assert.deepEqual(await api().list({ ...query, namespace: "default" }), []);
  });

  it("exist once", async () => {
    await created("once");
    const error = await expectError(created("once"), "exists", 409);
    assert.equal(
      error.message,
      `create widgets ${NAMESPACE}/once: 409 AlreadyExists: widgets.kube.test "once" already exists`,
    );
  });

  it("are replaced in the version that was read, or not at all", async () => {
    const widget = await created("versions");
    await api().replace({ ...widget, spec: { size: 2 } });
    await expectError(api().replace({ ...widget, spec: { size: 3 } }), "conflict", 409);
    await expectError(api().replaceStatus({ ...widget, status: { phase: "Late" } }), "conflict", 409);
  });

  it("conflict before they are invalid: a stale and forbidden change means that the world moved", async () => {
    const widget = await created("stale");
    await api().replace({ ...widget, spec: { size: 5 } });
    await expectError(api().replace({ ...widget, spec: { size: 0 } }), "conflict", 409);
  });

  it("change as the schema allows: a forbidden change is rejected for good", async () => {
    const widget = await created("rules");
    const error = await expectError(api().replace({ ...widget, spec: { size: 0 } }), "rejected", 422);
    assert.match(error.message, /never shrinks/);
    const shrink = [{ op: "replace", path: "/spec/size", value: 0 }] as const;
    await expectError(api().jsonPatch(widget.metadata, shrink), "rejected", 422);
  });

  it("are patched only while the tests of the patch hold", async () => {
    const { metadata } = await created("tested");
    const wrong = { op: "test", path: "/metadata/uid", value: "another" } as const;
    const right = { op: "test", path: "/metadata/uid", value: metadata.uid } as const;
    const grow = { op: "replace", path: "/spec/size", value: 4 } as const;
    await expectError(api().jsonPatch(metadata, [wrong, grow]), "conflict", 422);
    await expectError(api().jsonPatch(metadata, [right, { op: "remove", path: "/spec/nothing" }]), "conflict", 422);
    assert.equal((await api().jsonPatch(metadata, [right, grow])).spec.size, 4);
  });

  it("can be patched only as long as nobody deletes them: what isn't there is null", async () => {
    const widget = await created("doomed");
    const alive = { op: "test", path: "/metadata/deletionTimestamp", value: null } as const;
    const grow = { op: "replace", path: "/spec/size", value: 4 } as const;
    // So that it is still there when it is asked for.
    const held = { op: "add", path: "/metadata/finalizers", value: ["example.com/hold"] } as const;
    assert.equal((await api().jsonPatch(widget.metadata, [alive, grow, held])).spec.size, 4);
    await api().delete(widget.metadata, exactly(widget));
    await expectError(api().jsonPatch(widget.metadata, [alive, grow]), "conflict", 422);
    await api().jsonPatch(widget.metadata, [{ op: "remove", path: "/metadata/finalizers" }]);
  });

  it("keep their uid: one that is told otherwise is another object", async () => {
    const widget = await created("identity");
    const other = { ...widget, metadata: { ...widget.metadata, uid: "00000000-0000-0000-0000-000000000000" } };
    await expectError(api().replace({ ...other, spec: { size: 2 } }), "conflict", 409);
    const patch = [{ op: "replace", path: "/metadata/uid", value: other.metadata.uid }] as const;
    await expectError(api().jsonPatch(widget.metadata, patch), "conflict");
  });

  it("are deleted with their own uid and version only", async () => {
    const widget = await created("preconditions");
    const uid = "00000000-0000-0000-0000-000000000000";
    await expectError(api().delete(widget.metadata, { uid }), "conflict", 409);
    await expectError(api().delete(widget.metadata, { ...exactly(widget), resourceVersion: "1" }), "conflict", 409);
    const resourceVersion = widget.metadata.resourceVersion ?? "";
    await api().delete(widget.metadata, { ...exactly(widget), resourceVersion, propagation: "Background" });
    await expectError(api().delete(widget.metadata, exactly(widget)), "notFound", 404);
  });

  it("deleted in the foreground stay until what they own is gone", async () => {
    const widget = await created("foreground");
    await api().delete(widget.metadata, { ...exactly(widget), propagation: "Foreground" });
    await waitFor("the garbage collector", 30_000, async () => (await api().get(widget.metadata)) === undefined);
  });

  it("that are gone can't be changed", async () => {
    const widget = await created("gone");
    await api().delete(widget.metadata, exactly(widget));
    await expectError(api().jsonPatch(widget.metadata, [{ op: "remove", path: "/status" }]), "notFound", 404);
    const late = await expectError(api().replaceStatus({ ...widget, status: { phase: "Late" } }), "notFound", 404);
    assert.match(late.message, /^update widgets\/status kube-test\/gone: 404 NotFound/);
  });
});

void describe("objects of the core group", () => {
  it("are created, read, replaced and deleted like any other", async () => {
    const api = createResource<ConfigMap>(context.connection(), configMaps);
    const metadata: ObjectMeta = { namespace: NAMESPACE, name: "settings" };
    const map = await api.create({ metadata, data: { ü: "→" } }).catch(() => undefined);
    assert.equal(map, undefined, "keys are ASCII");
    const stored = await api.create({ metadata, data: { key: "→ ü 😀" } });
    assert.deepEqual((await api.get(metadata))?.data, { key: "→ ü 😀" });
    await api.replace({ ...stored, data: { key: "b" } });
    await expectError(api.replace({ ...stored, data: { key: "c" } }), "conflict", 409);
    await api.delete(metadata, exactly(stored));
    assert.equal(await api.get(metadata), undefined);
  });
});

function exactly({ metadata }: { readonly metadata: ObjectMeta }): { readonly uid: string } {
  return { uid: metadata.uid ?? "" };
}
