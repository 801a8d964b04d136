import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { KubernetesObject } from "../../../pkg/api/meta.ts";
import { ApiError } from "../../../pkg/runtime/api-error.ts";
import { aPipelineRun } from "../builders/a-pipeline-run.ts";
import { aTargetLock } from "../builders/a-target-lock.ts";
import { aWorkflowExecution } from "../builders/a-workflow-execution.ts";
import { after } from "../builders/moments.ts";
import { FakeCluster } from "./fake-cluster.ts";

function aCluster(): FakeCluster {
  return new FakeCluster({ now: () => after(0) });
}

async function assertRefused(request: Promise<unknown>, kind: string): Promise<void> {
  await assert.rejects(request, (error: unknown) => error instanceof ApiError && error.facts.kind === kind);
}

function versionOf({ metadata }: KubernetesObject): number {
  return Number(metadata.resourceVersion);
}

describe("the fake API server", () => {
  it("gives new objects a uid and a version, and keeps the status apart", async () => {
    const cluster = aCluster();
    const made = await cluster.executions.create(aWorkflowExecution({ status: { phase: "Completed" } }));
    assert.equal(made.status?.phase, "Pending");
    assert.notEqual(made.metadata.uid, "uid-of-restart-checkout");
    await assertRefused(cluster.executions.create(aWorkflowExecution()), "exists");
  });
  it("refuses a write of an older version, of another uid, and of what is gone", async () => {
    const cluster = aCluster();
    const old = await cluster.locks.create(aTargetLock());
    const next = await cluster.locks.replace({ ...old, spec: { ...old.spec, epoch: 2 } });
    assert.ok(versionOf(next) > versionOf(old));
    await assertRefused(cluster.locks.replace({ ...old, spec: { ...old.spec, epoch: 3 } }), "conflict");
    const namesake = { ...next, metadata: { ...next.metadata, uid: "uid-of-namesake" } };
    await assertRefused(cluster.locks.replace(namesake), "conflict");
    await cluster.locks.delete(next.metadata, { uid: next.metadata.uid ?? "" });
    await assertRefused(cluster.locks.replace(next), "notFound");
  });
  it("makes no new version of a write that changes nothing", async () => {
    const cluster = aCluster();
    const made = await cluster.locks.create(aTargetLock());
    assert.deepEqual(await cluster.locks.replace(made), made);
    assert.equal(cluster.locks.changes.length, 1);
  });
  it("drops the status from a write of the object, and the rest from one of the status", async () => {
    const cluster = aCluster();
    const made = await cluster.executions.create(aWorkflowExecution());
    const both = { ...made, spec: { ...made.spec, confidence: 1 }, status: { phase: "Running" } } as const;
    const written = await cluster.executions.replaceStatus(both);
    assert.deepEqual([written.spec.confidence, written.status?.phase], [undefined, "Running"]);
    const { resourceVersion = "" } = written.metadata;
    const replaced = await cluster.executions.replace({
      ...both,
      metadata: { ...both.metadata, resourceVersion },
      status: { phase: "Failed" },
    });
    assert.deepEqual(
      [replaced.spec.confidence, replaced.status?.phase, replaced.metadata.generation],
      [1, "Running", 2],
    );
  });
  it("deletes only what the preconditions name", async () => {
    const cluster = aCluster();
    const { metadata } = await cluster.locks.create(aTargetLock());
    const { uid = "", resourceVersion = "" } = metadata;
    await assertRefused(cluster.locks.delete(metadata, { uid: "other" }), "conflict");
    await assertRefused(cluster.locks.delete(metadata, { uid, resourceVersion: "1" }), "conflict");
    await cluster.locks.delete(metadata, { uid, resourceVersion });
    await assertRefused(cluster.locks.delete(metadata, { uid }), "notFound");
    assert.deepEqual(
      cluster.locks.changes.map(({ type }) => type),
      ["ADDED", "DELETED"],
    );
  });
  it("keeps a deleted object until its last finalizer goes", async () => {
    const cluster = aCluster();
    const { metadata } = await cluster.executions.create(aWorkflowExecution());
    await cluster.executions.delete(metadata, { uid: metadata.uid ?? "" });
    assert.ok((await cluster.executions.get(metadata))?.metadata.deletionTimestamp);
    await cluster.executions.jsonPatch(metadata, [{ op: "add", path: "/metadata/finalizers", value: [] }]);
    assert.equal(await cluster.executions.get(metadata), undefined);
  });
  it("keeps an object that is deleted Foreground until its dependents are gone", async () => {
    const cluster = aCluster();
    const { metadata } = cluster.runs.add(aPipelineRun(aWorkflowExecution(), "running"));
    const { name, uid = "" } = metadata;
    const owner = { apiVersion: "tekton.dev/v1", kind: "PipelineRun", name, uid };
    cluster.taskRuns.add({ metadata: { name: "t", namespace: "n", ownerReferences: [owner] } });
    await cluster.runs.delete(metadata, { uid, propagation: "Foreground" });
    cluster.collectGarbage();
    assert.ok(await cluster.runs.get(metadata));
    while (cluster.collectGarbage());
    assert.deepEqual([cluster.runs.all(), cluster.taskRuns.all()], [[], []]);
  });
  it("takes a JSON Patch only where its tests hold", async () => {
    const cluster = aCluster();
    const { metadata } = await cluster.locks.create(aTargetLock());
    const test = { op: "test", path: "/spec/state", value: "Held" } as const;
    const set = { op: "add", path: "/spec/epoch", value: 9 } as const;
    await assertRefused(cluster.locks.jsonPatch(metadata, [test, set]), "conflict");
    await assertRefused(cluster.locks.jsonPatch(metadata, [{ op: "remove", path: "/spec/holder" }]), "conflict");
    assert.equal((await cluster.locks.jsonPatch(metadata, [set])).spec.epoch, 9);
  });
  it("hands out copies: nobody changes an object by hand", async () => {
    const cluster = aCluster();
    const made = await cluster.locks.create(aTargetLock());
    Object.assign(made.spec, { epoch: 99 });
    assert.equal((await cluster.locks.get(made.metadata))?.spec.epoch, 1);
  });
});
