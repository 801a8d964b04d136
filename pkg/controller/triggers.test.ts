import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../test/support/builders/a-pipeline-run.ts";
import { aBoundLock, aHeldLock, aTargetLock } from "../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution, type ExecutionWishes } from "../../test/support/builders/a-workflow-execution.ts";
import type { TargetLock } from "../api/target-lock.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";
import { targetHash } from "../lock/lock-name.ts";
import { createStores, type Stores } from "./stores.ts";
import { keysOf, nothing, withVersion } from "./testing/keys-of.ts";
import { watchStores } from "./triggers.ts";

const w = aWorkflowExecution();
const { name: lockName } = aTargetLock().metadata;
const own = "execution/remediation/restart-checkout";
const lock = `lock/${lockName}`;

const child = {
  metadata: {
    name: "child",
    namespace: "kubernaut-workflows",
    resourceVersion: "300",
    labels: {
      "kubernaut.ai/workflow-execution-uid": "uid-of-restart-checkout",
      "kubernaut.ai/target-hash": targetHash(lockName),
    },
  },
};

describe("an event of an execution", () => {
  it("concerns the execution", () => {
    assert.deepEqual(
      keysOf(nothing, ({ executions }) => {
        executions.applyWrite(w);
      }),
      [own],
    );
  });
  it("concerns the lock that it recorded, and the one that it holds", () => {
    const locks = [{ name: "target-recorded", uid: "u", epoch: 1 }];
    const keys = keysOf(
      (stores) => {
        stores.locks.applyWrite(aHeldLock(w));
      },
      ({ executions }) => {
        executions.applyWrite(aWorkflowExecution({ status: { locks } }));
      },
    );
    assert.deepEqual(keys, [own, lock, "lock/target-recorded"]);
  });
  it("concerns its lock when it is gone", () => {
    const keys = keysOf(
      (stores) => {
        stores.executions.apply({ type: "ADDED", object: w });
        stores.locks.applyWrite(aHeldLock(w));
      },
      ({ executions }) => {
        executions.apply({ type: "DELETED", object: withVersion(w, "101") });
      },
    );
    assert.deepEqual(keys, [own, lock]);
  });
});

describe("an event of a lock", () => {
  it("concerns the lock, who holds it and who held it", () => {
    const next = aWorkflowExecution({ metadata: { name: "next", uid: "uid-of-next" } });
    const keys = keysOf(
      (stores) => {
        stores.locks.applyWrite(aHeldLock(w));
      },
      ({ locks }) => {
        locks.applyWrite(withVersion(aHeldLock(next), "51"));
      },
    );
    assert.deepEqual(keys, ["execution/remediation/next", own, lock]);
  });
  it("concerns only the lock where nobody holds it", () => {
    assert.deepEqual(
      keysOf(nothing, ({ locks }) => {
        locks.applyWrite(aTargetLock());
      }),
      [lock],
    );
  });
});

describe("executions that aren't started yet", () => {
  const waiting = { reason: "WaitingForTarget" } as const;
  const executionRef = { namespace: "n", name: "r", uid: "u" };
  function named(name: string, wishes: ExecutionWishes = {}): WorkflowExecution {
    return aWorkflowExecution({ ...wishes, metadata: { name, uid: `uid-of-${name}`, ...wishes.metadata } });
  }
  /** Two that wait for the target, one of them under another name of its kind, and others that don't. */
  function aQueue({ executions }: Stores): void {
    for (const one of [
      named("waits", { status: waiting }),
      named("waits-too", { status: waiting, spec: { targetResource: "payment/deployments.apps/checkout" } }),
      named("elsewhere", { status: waiting, spec: { targetResource: "shop/Deployment/checkout" } }),
      named("runs", { status: { executionRef } }),
      named("ended", { status: { phase: "Failed", ...waiting } }),
    ]) {
      executions.apply({ type: "ADDED", object: one });
    }
  }
  const queue = ["execution/remediation/waits", "execution/remediation/waits-too"];

  const changes: Readonly<Record<string, readonly [TargetLock | undefined, TargetLock, isConcerned: boolean]>> = {
    "given back": [aBoundLock(named("runs")), aTargetLock(), true],
    "taken: who didn't want to wait is skipped": [aTargetLock(), aHeldLock(named("runs")), true],
    "made for the first time": [undefined, aTargetLock(), true],
    "bound to a run": [aHeldLock(named("runs")), aBoundLock(named("runs")), false],
  };
  for (const [sentence, [before, after, isConcerned]] of Object.entries(changes)) {
    it(`${isConcerned ? "hear" : "don't hear"} of their lock when it is ${sentence}`, () => {
      const keys = keysOf(
        (stores) => {
          aQueue(stores);
          if (before !== undefined) stores.locks.applyWrite(before);
        },
        ({ locks }) => {
          locks.applyWrite(withVersion(after, "51"));
        },
      );
      assert.deepEqual(
        keys.filter((key) => queue.includes(key)),
        isConcerned ? queue : [],
      );
      assert.ok(!keys.includes("execution/remediation/elsewhere") && !keys.includes("execution/remediation/ended"));
    });
  }
  it("hear of their lock when it is deleted", () => {
    const keys = keysOf(
      (stores) => {
        aQueue(stores);
        stores.locks.apply({ type: "ADDED", object: aTargetLock() });
      },
      ({ locks }) => {
        locks.apply({ type: "DELETED", object: withVersion(aTargetLock(), "51") });
      },
    );
    assert.deepEqual(keys, [...queue, lock]);
  });

  /** The keys of the queue that hear of a change of another execution. */
  function heardBy(before: WorkflowExecution | undefined, after: WorkflowExecution | undefined): readonly string[] {
    const keys = keysOf(
      (stores) => {
        aQueue(stores);
        if (before !== undefined) stores.executions.apply({ type: "ADDED", object: before });
      },
      ({ executions }) => {
        if (after !== undefined) executions.apply({ type: "MODIFIED", object: withVersion(after, "101") });
        else if (before !== undefined) executions.apply({ type: "DELETED", object: withVersion(before, "101") });
      },
    );
    return keys.filter((key) => queue.includes(key));
  }
  const waiter = named("first", { status: waiting });
  const ends: Readonly<Record<string, WorkflowExecution | undefined>> = {
    "is started": named("first", { status: { ...waiting, executionRef } }),
    ends: named("first", { status: { phase: "Failed", ...waiting } }),
    "is in other trouble": named("first", { status: { reason: "QuotaExceeded" } }),
    "is gone": undefined,
  };
  for (const [sentence, after] of Object.entries(ends)) {
    it(`hear of one that waited for the same target when it ${sentence}`, () => {
      assert.deepEqual(heardBy(waiter, after), queue);
    });
  }
  it("hear of one that begins to wait, because it may come before them", () => {
    assert.deepEqual(heardBy(named("first"), waiter), queue);
    assert.deepEqual(heardBy(undefined, waiter), queue);
  });
  it("don't hear of one that waits on, runs on, has only come, or waits for another target", () => {
    assert.deepEqual(heardBy(waiter, named("first", { status: { reason: "WaitingForTurn" } })), []);
    assert.deepEqual(
      heardBy(named("first", { status: { executionRef } }), named("first", { status: { phase: "Failed" } })),
      [],
    );
    assert.deepEqual(heardBy(undefined, named("first")), []);
    const far = { targetResource: "payment/Deployment/other" };
    assert.deepEqual(heardBy(named("far", { spec: far, status: waiting }), undefined), []);
  });
});

describe("an event of a run, TaskRun, CustomRun or Pod", () => {
  const changes: Readonly<Record<string, (stores: Stores) => void>> = {
    run: ({ runs }) => {
      runs.applyWrite({ ...child, spec: {} });
    },
    TaskRun: ({ taskRuns }) => {
      taskRuns.applyWrite(child);
    },
    CustomRun: ({ customRuns }) => {
      customRuns.applyWrite(child);
    },
    Pod: ({ pods }) => {
      pods.applyWrite(child);
    },
  };
  for (const [kind, change] of Object.entries(changes)) {
    it(`concerns its execution and its target's lock (${kind})`, () => {
      assert.deepEqual(
        keysOf(({ executions }) => {
          executions.applyWrite(w);
        }, change),
        [own, lock],
      );
    });
    it(`concerns the lock also where its execution is gone (${kind})`, () => {
      assert.deepEqual(keysOf(nothing, change), [lock]);
    });
  }
  it("concerns them when it is gone", () => {
    const keys = keysOf(
      ({ executions, pods }) => {
        executions.applyWrite(w);
        pods.apply({ type: "ADDED", object: child });
      },
      ({ pods }) => {
        pods.apply({ type: "DELETED", object: withVersion(child, "301") });
      },
    );
    assert.deepEqual(keys, [own, lock]);
  });
  it("concerns the execution that its run names where the cache doesn't know it yet", () => {
    const run = aPipelineRun(w, "pending", { metadata: { annotations: { "kubernaut.ai/execution": "team-b/late" } } });
    assert.deepEqual(
      keysOf(nothing, ({ runs }) => {
        runs.applyWrite(run);
      }),
      ["execution/team-b/late"],
    );
  });
  it("that isn't ours concerns nobody", () => {
    const metadata = { name: "foreign", namespace: "n", resourceVersion: "300" };
    assert.deepEqual(
      keysOf(nothing, ({ pods }) => {
        pods.applyWrite({ metadata });
      }),
      [],
    );
  });
});

describe("a warning about a pod", () => {
  const event = {
    metadata: { name: "w1", namespace: "kubernaut-workflows", resourceVersion: "400" },
    involvedObject: { kind: "Pod", name: "child", uid: "u" },
  };
  function keysOfWarning(known: (stores: Stores) => void): readonly string[] {
    return keysOf(known, ({ podEvents }) => {
      podEvents.apply({ type: "ADDED", object: event });
    });
  }
  it("concerns the execution whose pod it is", () => {
    const keys = keysOfWarning(({ executions, pods }) => {
      executions.applyWrite(w);
      pods.applyWrite(child);
    });
    assert.deepEqual(keys, [own]);
  });
  it("concerns the execution whose TaskRun has made the pod", () => {
    const keys = keysOfWarning(({ executions, taskRuns }) => {
      executions.applyWrite(w);
      const { labels } = child.metadata;
      const metadata = { name: "t", namespace: "kubernaut-workflows", resourceVersion: "300", labels };
      taskRuns.applyWrite({ metadata, status: { podName: "child" } });
    });
    assert.deepEqual(keys, [own]);
  });
  it("concerns nobody while nobody knows whose pod it is", () => {
    assert.deepEqual(keysOfWarning(nothing), []);
  });
});

describe("whoever has stopped listening", () => {
  it("hears nothing more", () => {
    const stores = createStores();
    const keys: string[] = [];
    watchStores(stores, (key) => keys.push(key))();
    stores.executions.applyWrite(w);
    assert.deepEqual(keys, []);
  });
});
