import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../test/support/builders/a-pipeline-run.ts";
import { aTargetLock, aHeldLock } from "../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import { timeAfter } from "../../test/support/builders/moments.ts";
import { FakeCluster } from "../../test/support/fake-api/fake-cluster.ts";
import { anApiError } from "../../test/support/fake-api/fake-server.ts";
import type { PipelineRun } from "../api/tekton.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import type { Result } from "../execution/result.ts";
import type { ExactVersion } from "../execution/step.ts";
import { exactVersion } from "../execution/own-run.ts";
import { ApiError } from "../runtime/api-error.ts";
import { taskStop } from "../tekton/run-stop.ts";
import { perform, type Request } from "./perform.ts";

const w = aWorkflowExecution();

function aCluster(): FakeCluster {
  return new FakeCluster({ now: () => Date.parse(timeAfter(0)) });
}

function refusalOf(result: Result): string {
  return result.type === "refused" ? result.refusal.kind : result.type;
}

function withPendingRun(): { readonly cluster: FakeCluster; readonly run: PipelineRun; readonly exact: ExactVersion } {
  const cluster = aCluster();
  const run = cluster.runs.add(aPipelineRun(w, "pending"));
  return { cluster, run, exact: exactVersion(run) };
}

describe("the start of a run", () => {
  it("takes it out of Pending", async () => {
    const { cluster, exact } = withPendingRun();
    const result = await perform({ type: "StartRun", run: exact }, cluster);
    assert.equal(result.type === "wroteRun" && result.run.spec.status, undefined);
    assert.equal(cluster.runs.all()[0]?.spec.status, undefined);
  });
  it("doesn't mind that Tekton has written since", async () => {
    const { cluster, run, exact } = withPendingRun();
    cluster.runs.edit(run.metadata, (known) => ({ ...known, status: { conditions: [] } }));
    assert.equal((await perform({ type: "StartRun", run: exact }, cluster)).type, "wroteRun");
  });
  it("happens once: a repeated or late one finds no Pending run", async () => {
    const { cluster, exact } = withPendingRun();
    await perform({ type: "StartRun", run: exact }, cluster);
    assert.equal(refusalOf(await perform({ type: "StartRun", run: exact }, cluster)), "conflict");
  });
  it("doesn't un-cancel a run", async () => {
    const { cluster, run, exact } = withPendingRun();
    cluster.runs.edit(run.metadata, (known) => ({ ...known, spec: { ...known.spec, status: "Cancelled" } }));
    assert.equal(refusalOf(await perform({ type: "StartRun", run: exact }, cluster)), "conflict");
    assert.equal(cluster.runs.all()[0]?.spec.status, "Cancelled");
  });
  it("doesn't start a run that somebody has begun to delete", async () => {
    const { cluster, exact } = withPendingRun();
    await perform({ type: "DeleteRun", run: exact }, cluster);
    assert.equal(refusalOf(await perform({ type: "StartRun", run: exact }, cluster)), "conflict");
    assert.equal(cluster.runs.all()[0]?.spec.status, "PipelineRunPending");
  });
  it("never starts another run of the same name", async () => {
    const { cluster, exact } = withPendingRun();
    const step = { type: "StartRun", run: { ...exact, uid: "uid-of-namesake" } } as const;
    assert.equal(refusalOf(await perform(step, cluster)), "conflict");
    assert.equal(cluster.runs.all()[0]?.spec.status, "PipelineRunPending");
  });
});

describe("the end of a run", () => {
  it("is cancelled in the version that was seen", async () => {
    const cluster = aCluster();
    const exact = exactVersion(cluster.runs.add(aPipelineRun(w, "running")));
    const annotations = { "kubernaut.ai/stop-reason": "Deletion", team: "payments" };
    const step: Request = { type: "CancelRun", run: exact, mode: "CancelledRunFinally", annotations };
    const result = await perform(step, cluster);
    assert.ok(result.type === "wroteRun");
    assert.equal(result.run.spec.status, "CancelledRunFinally");
    assert.deepEqual(result.run.metadata.annotations, annotations);
    assert.equal(refusalOf(await perform(step, cluster)), "conflict");
  });
  it("of one task that its run has missed reads as a consequence, in the version that was seen", async () => {
    const cluster = aCluster();
    const condition = { type: "Succeeded", status: "False", reason: "TaskRunCancelled" } as const;
    const metadata = { name: "t", namespace: "n" };
    const taskRun = exactVersion(cluster.taskRuns.add({ metadata, spec: {}, status: { conditions: [condition] } }));
    const step: Request = { type: "CancelTaskRun", taskRun };
    assert.deepEqual(await perform(step, cluster), { type: "accepted" });
    const [stopped] = cluster.taskRuns.all();
    assert.equal(stopped?.spec?.status, "TaskRunCancelled");
    assert.equal(taskStop(stopped, aPipelineRun(w, "running")), "cancelled");
    assert.equal(refusalOf(await perform(step, cluster)), "conflict");
    const { resourceVersion = "" } = stopped.metadata;
    const namesake = { ...taskRun, resourceVersion, uid: "uid-of-namesake" };
    assert.equal(refusalOf(await perform({ type: "CancelTaskRun", taskRun: namesake }, cluster)), "conflict");
  });
  it("is deleted in the version that was seen: a run that was started since survives", async () => {
    const { cluster, exact } = withPendingRun();
    await perform({ type: "StartRun", run: exact }, cluster);
    assert.equal(refusalOf(await perform({ type: "DeleteRun", run: exact }, cluster)), "conflict");
    assert.equal(cluster.runs.all()[0]?.metadata.deletionTimestamp, undefined);
  });
  it("is deleted Foreground, so that it stays visible until its pods are gone", async () => {
    const { cluster, exact } = withPendingRun();
    assert.deepEqual(await perform({ type: "DeleteRun", run: exact }, cluster), { type: "accepted" });
    assert.deepEqual(cluster.runs.all()[0]?.metadata.finalizers, ["foregroundDeletion"]);
  });
  it("deletes exactly that pod", async () => {
    const cluster = aCluster();
    const pod = cluster.pods.add({ metadata: { name: "p", namespace: "n" } });
    const exact = { namespace: "n", name: "p", uid: "uid-of-namesake" };
    assert.equal(refusalOf(await perform({ type: "DeletePod", pod: exact }, cluster)), "conflict");
    const { uid = "" } = pod.metadata;
    assert.equal((await perform({ type: "DeletePod", pod: { ...exact, uid } }, cluster)).type, "accepted");
  });
});

describe("the finalizer", () => {
  function withExecution(finalizers: readonly string[]): {
    readonly cluster: FakeCluster;
    readonly known: WorkflowExecution;
  } {
    const cluster = aCluster();
    return { cluster, known: cluster.executions.add(aWorkflowExecution({ metadata: { finalizers } })) };
  }
  it("is added beside others", async () => {
    const { cluster, known } = withExecution(["other"]);
    const result = await perform({ type: "AddFinalizer", execution: known }, cluster);
    assert.ok(result.type === "wroteExecution");
    assert.deepEqual(result.execution.metadata.finalizers, ["other", "kubernaut.ai/workflowexecution-cleanup"]);
  });
  it("is removed alone", async () => {
    const { cluster, known } = withExecution(["other", "kubernaut.ai/workflowexecution-cleanup"]);
    const result = await perform({ type: "RemoveFinalizer", execution: known }, cluster);
    assert.deepEqual(result.type === "wroteExecution" && result.execution.metadata.finalizers, ["other"]);
  });
  it("isn't changed where the execution has changed since", async () => {
    const { cluster, known } = withExecution([]);
    cluster.executions.edit(known.metadata, (one) => ({ ...one, metadata: { ...one.metadata, finalizers: ["new"] } }));
    assert.equal(refusalOf(await perform({ type: "AddFinalizer", execution: known }, cluster)), "conflict");
  });
});

describe("a write", () => {
  it("of the status is refused where the execution has changed since, and changes only the status", async () => {
    const cluster = aCluster();
    const known = cluster.executions.add(w);
    const execution: WorkflowExecution = {
      ...known,
      status: { phase: "Skipped" },
      metadata: { ...known.metadata, labels: { a: "b" } },
    };
    const result = await perform({ type: "WriteStatus", execution }, cluster);
    assert.ok(result.type === "wroteExecution");
    assert.deepEqual([result.execution.status?.phase, result.execution.metadata.generation], ["Skipped", 1]);
    assert.equal(refusalOf(await perform({ type: "WriteStatus", execution }, cluster)), "conflict");
  });
  it("of the lock is refused where it exists, or has changed since", async () => {
    const cluster = aCluster();
    const made = await perform({ type: "CreateLock", lock: aTargetLock() }, cluster);
    assert.ok(made.type === "wroteLock");
    assert.equal(refusalOf(await perform({ type: "CreateLock", lock: aTargetLock() }, cluster)), "exists");
    const lock = { ...aHeldLock(w), metadata: made.lock.metadata };
    assert.equal((await perform({ type: "UpdateLock", lock }, cluster)).type, "wroteLock");
    assert.equal(refusalOf(await perform({ type: "UpdateLock", lock }, cluster)), "conflict");
  });
  it("that deletes the lock is refused where somebody has written it since, or it is another one of its name", async () => {
    const cluster = aCluster();
    const { metadata } = cluster.locks.add(aTargetLock());
    const { namespace: _none, ...seen } = exactVersion({ metadata });
    const { resourceVersion } = cluster.locks.edit(metadata, () => aHeldLock(w))?.metadata ?? {};
    assert.equal(refusalOf(await perform({ type: "DeleteLock", lock: seen }, cluster)), "conflict");
    const exact = { ...seen, resourceVersion: resourceVersion ?? "" };
    const namesake = { ...exact, uid: "uid-of-namesake" };
    assert.equal(refusalOf(await perform({ type: "DeleteLock", lock: namesake }, cluster)), "conflict");
    assert.equal(cluster.locks.all().length, 1);
    assert.deepEqual(await perform({ type: "DeleteLock", lock: exact }, cluster), { type: "accepted" });
    assert.equal(refusalOf(await perform({ type: "DeleteLock", lock: exact }, cluster)), "notFound");
  });
  it("of a run that is there already is refused", async () => {
    const { cluster, run } = withPendingRun();
    assert.equal(refusalOf(await perform({ type: "CreateRun", run }, cluster)), "exists");
  });
});

describe("a look", () => {
  const label = {
    by: "label",
    namespace: "kubernaut-workflows",
    labelSelector: `kubernaut.ai/workflow-execution-uid=uid-of-restart-checkout`,
  } as const;
  it("finds one object by name, or that there is none", async () => {
    const cluster = aCluster();
    const lock = cluster.locks.add(aTargetLock());
    const at = { by: "name", name: lock.metadata.name } as const;
    assert.deepEqual(await perform({ type: "Look", object: "lock", at }, cluster), {
      type: "looked",
      looked: { object: "lock", name: lock.metadata.name, value: lock },
    });
    const nowhere = { by: "name", namespace: "n", name: "gone" } as const;
    const result = await perform({ type: "Look", object: "execution", at: nowhere }, cluster);
    assert.deepEqual(result, { type: "looked", looked: { object: "execution", value: undefined } });
  });
  it("finds all that carry the label", async () => {
    const { cluster, run } = withPendingRun();
    cluster.runs.add(aPipelineRun(w, "pending", { metadata: { name: "foreign", labels: {} } }));
    const result = await perform({ type: "Look", object: "runs", at: label }, cluster);
    assert.deepEqual(result, { type: "looked", looked: { object: "runs", value: [run] } });
    for (const object of ["taskRuns", "customRuns", "pods"] as const) {
      assert.deepEqual(await perform({ type: "Look", object, at: label }, cluster), {
        type: "looked",
        looked: { object, value: [] },
      });
    }
  });
  it("asks discovery for the kinds", async () => {
    const cluster = aCluster();
    const result = await perform({ type: "Look", object: "kinds", at: { by: "discovery" } }, cluster);
    assert.deepEqual(result, { type: "looked", looked: { object: "kinds", value: cluster.kinds } });
  });
  it("in the wrong way is a mistake of ours", async () => {
    await assert.rejects(perform({ type: "Look", object: "lock", at: label }, aCluster()), TypeError);
    await assert.rejects(perform({ type: "Look", object: "pods", at: { by: "discovery" } }, aCluster()), TypeError);
  });
});

describe("the end of a log", () => {
  const pod = { namespace: "n", name: "p", uid: "u" };
  it("says whose it is", async () => {
    const cluster = aCluster();
    cluster.logs.set("p/step-patch", "denied\n");
    assert.deepEqual(await perform({ type: "ReadLog", pod, container: "step-patch" }, cluster), {
      type: "readLog",
      log: { podUid: "u", podName: "p", container: "step-patch", text: "denied\n" },
    });
  });
  it("that can't be read is a refusal, whatever the reason", async () => {
    const cluster = aCluster();
    assert.equal(refusalOf(await perform({ type: "ReadLog", pod, container: "step-patch" }, cluster)), "notFound");
    cluster.server.refuse = () => anApiError("unknown", "no route to the node");
    assert.equal(refusalOf(await perform({ type: "ReadLog", pod, container: "step-patch" }, cluster)), "unknown");
  });
});

describe("an answer that refuses a request", () => {
  it("is a result, with what the server said", async () => {
    const cluster = aCluster();
    cluster.server.refuse = () => new ApiError("slow down", { kind: "unknown", code: 429, retryAfterMs: 5000 });
    assert.deepEqual(await perform({ type: "ReviewAccess", namespace: "n" }, cluster), {
      type: "refused",
      refusal: { kind: "unknown", message: "slow down", retryAfterMs: 5000 },
    });
    cluster.server.refuse = () => anApiError("forbidden", "no");
    const refused = await perform({ type: "CreateLock", lock: aTargetLock() }, cluster);
    assert.deepEqual(refused, { type: "refused", refusal: { kind: "forbidden", message: "no" } });
  });
  it("is no result where it is a defect of ours", async () => {
    const cluster = aCluster();
    cluster.server.refuse = () => {
      throw new RangeError("a defect");
    };
    await assert.rejects(perform({ type: "ReviewAccess", namespace: "n" }, cluster), RangeError);
  });
});
