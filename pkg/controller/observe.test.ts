import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aKindCatalog } from "../../test/support/builders/a-kind-catalog.ts";
import { aPipelineRun } from "../../test/support/builders/a-pipeline-run.ts";
import { aHeldLock, aTargetLock } from "../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution, type ExecutionWishes } from "../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../test/support/builders/moments.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import type { Snapshot } from "../execution/snapshot.ts";
import { targetHash } from "../lock/lock-name.ts";
import { NO_LIVE_EVIDENCE } from "../tekton/run-evidence.ts";
import { createKnownKinds } from "./known-kinds.ts";
import { observe } from "./observe.ts";
import { createStores, type Stores } from "./stores.ts";

const w = aWorkflowExecution();
const key = { kind: "execution", namespace: "remediation", name: "restart-checkout" } as const;
const { name: lockName } = aTargetLock().metadata;
const live = { ...NO_LIVE_EVIDENCE, lostPods: [{ metadata: { name: "gone" } }] };
const receipt = { ordinal: 1, at: "", seq: 1, hash: "h" };

function see(what: Parameters<typeof observe>[0], fill: (stores: Stores) => void, knowsKinds = true): Snapshot {
  const stores = createStores();
  fill(stores);
  const kinds = createKnownKinds();
  if (knowsKinds) kinds.learn(aKindCatalog(), after(9));
  return observe(what, {
    stores,
    kinds,
    receipts: {
      receipt: (uid) => (uid === w.metadata.uid ? receipt : undefined),
      backlog: () => ({ events: 7, ageMs: 1000 }),
    },
    clock: { now: () => after(10) },
    evidence: { of: (uid) => (uid === w.metadata.uid ? live : NO_LIVE_EVIDENCE) },
    statusWrites: new Map([["uid-of-restart-checkout", after(8)]]),
  });
}

describe("what is known of an execution", () => {
  const run = aPipelineRun(w, "running", { metadata: { resourceVersion: "9" } });
  const s = see(key, (stores) => {
    stores.executions.applyWrite(w);
    stores.locks.applyWrite(aHeldLock(w));
    stores.runs.applyWrite(run);
  });
  it("is itself, its lock and its children, all cached", () => {
    assert.deepEqual(s.execution, { value: w, freshness: "cached" });
    assert.deepEqual(s.lock, { value: aHeldLock(w), freshness: "cached" });
    assert.equal(s.lockName, lockName);
    assert.equal(s.runs.value[0]?.metadata.uid, "uid-of-run");
    assert.deepEqual([s.runs.freshness, s.kinds.freshness, s.now, s.surprises], ["cached", "cached", after(10), 0]);
  });
  it("is what the audit side has committed, and when its status was written last", () => {
    assert.deepEqual(s.kind === "execution" && [s.receipt, s.statusWrittenAt], [receipt, after(8)]);
  });
  it("is how far the audit side is behind", () => {
    assert.deepEqual(s.kind === "execution" && s.auditBacklog, { events: 7, ageMs: 1000 });
  });
  it("is what was seen of its run and can't be read any more", () => {
    assert.deepEqual(s.kind === "execution" && [s.live, s.newerRuns], [live, 0]);
  });
  it("is how many finished runs are newer than its own", () => {
    function ended(name: string, seconds: number): WorkflowExecution {
      const status = { phase: "Completed", completionTime: timeAfter(seconds) } as const;
      return aWorkflowExecution({ metadata: { name, uid: `uid-of-${name}` }, status });
    }
    const all = [ended("restart-checkout", 1), ended("newer", 2), ended("newest", 3)];
    const own = see(key, ({ executions, runs }) => {
      for (const [n, one] of all.entries()) {
        const name = `run-${String(n)}`;
        executions.applyWrite(one);
        runs.applyWrite(aPipelineRun(one, "succeeded", { metadata: { name, uid: name } }));
      }
    });
    assert.equal(own.kind === "execution" && own.newerRuns, 2);
  });
  it("is no lock while the kinds aren't known, but for the recorded one", () => {
    const bare = see(
      key,
      ({ executions }) => {
        executions.applyWrite(w);
      },
      false,
    );
    assert.deepEqual([bare.lockName, bare.kinds.freshness], [undefined, "doubtful"]);
    const recorded = aWorkflowExecution({ status: { locks: [{ name: "target-recorded", uid: "u", epoch: 1 }] } });
    assert.equal(
      see(
        key,
        ({ executions }) => {
          executions.applyWrite(recorded);
        },
        false,
      ).lockName,
      "target-recorded",
    );
  });
  it("is nothing where it isn't there", () => {
    const none = see(key, () => undefined);
    assert.deepEqual([none.execution.value, none.lockName, none.runs.value], [undefined, undefined, []]);
  });
});

describe("who waits beside an execution", () => {
  function waiter(name: string, wishes: ExecutionWishes = {}): WorkflowExecution {
    const status = { reason: "WaitingForTarget", ...wishes.status };
    return aWorkflowExecution({ ...wishes, metadata: { name, uid: `uid-of-${name}` }, status });
  }
  const executionRef = { namespace: "n", name: "r", uid: "u" };
  const all = [
    waiter("waits"),
    waiter("waits-under-another-name-of-the-kind", { spec: { targetResource: "payment/deploy/checkout" } }),
    waiter("waits-for-a-namesake", { spec: { targetResource: "payment/Pod/checkout" } }),
    waiter("waits-elsewhere", { spec: { targetResource: "shop/Deployment/checkout" } }),
    waiter("has-only-come", { status: { reason: "" } }),
    waiter("is-started", { status: { executionRef } }),
    waiter("has-ended", { status: { phase: "Failed" } }),
  ];
  function beside(own: WorkflowExecution, knowsKinds = true): readonly string[] {
    const s = see(
      key,
      ({ executions }) => {
        for (const one of [own, ...all]) executions.applyWrite(one);
      },
      knowsKinds,
    );
    return s.kind === "execution" ? s.waiting.map(({ metadata }) => metadata.name).toSorted() : [];
  }
  it("is whoever waits for the same object, however its kind is written", () => {
    assert.deepEqual(beside(w), ["waits", "waits-under-another-name-of-the-kind"]);
  });
  it("is never the execution itself", () => {
    const own = aWorkflowExecution({ status: { reason: "WaitingForTarget" } });
    assert.deepEqual(beside(own), ["waits", "waits-under-another-name-of-the-kind"]);
  });
  it("is nobody for one that is started or has ended: it isn't asked any more", () => {
    assert.deepEqual(beside(aWorkflowExecution({ status: { executionRef } })), []);
    assert.deepEqual(beside(aWorkflowExecution({ status: { phase: "Skipped" } })), []);
  });
});

describe("what is known of a lock", () => {
  const labels = {
    "kubernaut.ai/target-hash": targetHash(lockName),
    "kubernaut.ai/workflow-execution-uid": "uid-of-other",
  };
  const stray = aPipelineRun(w, "pending", { metadata: { name: "stray", labels } });
  const started = aPipelineRun(w, "running", { metadata: { name: "started", uid: "u2", labels } });
  const s = see({ kind: "lock", name: lockName }, (stores) => {
    stores.locks.applyWrite(aHeldLock(w));
    stores.executions.applyWrite(w);
    stores.runs.applyWrite(stray);
    stores.runs.applyWrite(started);
    stores.runs.applyWrite(aPipelineRun(w, "running"));
  });
  it("is its holder and the holder's children", () => {
    assert.deepEqual(s.execution.value, w);
    assert.deepEqual(
      s.runs.value.map(({ metadata }) => metadata.uid),
      ["uid-of-run"],
    );
  });
  it("is every Pending run on its target, whoever owns it", () => {
    assert.deepEqual(s.kind === "lock" && s.pendingRuns.map(({ metadata }) => metadata.name), ["stray"]);
  });
  it("is what the audit side has committed of its outbox", () => {
    const { receipt: none } = s;
    const own = see({ kind: "lock", name: lockName }, ({ locks }) => {
      locks.applyWrite({ ...aTargetLock(), metadata: { ...aTargetLock().metadata, uid: w.metadata.uid ?? "" } });
    });
    assert.deepEqual([none, own.receipt], [undefined, receipt]);
  });
  it("is nobody where nobody holds it", () => {
    const free = see({ kind: "lock", name: lockName }, ({ locks }) => {
      locks.applyWrite(aTargetLock());
    });
    assert.deepEqual([free.execution.value, free.runs.value], [undefined, []]);
  });
});
