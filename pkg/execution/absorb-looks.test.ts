import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../test/support/builders/a-pipeline-run.ts";
import { aLockSnapshot, aSnapshot } from "../../test/support/builders/a-snapshot.ts";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import { aPod } from "../../test/support/a-task-run.ts";
import type { Pod } from "../api/core.ts";
import type { PipelineRun } from "../api/tekton.ts";
import { absorb } from "./absorb.ts";
import type { Result } from "./result.ts";
import type { Step } from "./step.ts";

const pod = { namespace: "n", name: "r", uid: "u" };
const step: Step = { type: "ReadLog", pod, container: "step-main" };

describe("a log", () => {
  const log = { podUid: "u", podName: "r", container: "step-main", text: "disk full" };
  function logsAfter(result: Result): unknown {
    const absorbed = absorb(aSnapshot({ fresh: "all" }), step, result);
    assert.equal(absorbed.type, "continue");
    const s = absorbed.snapshot;
    assert.equal(s.runs.freshness, "fresh", "a read decides nothing");
    return s.kind === "execution" && s.live.logs;
  }
  it("that was read is known from then on", () => {
    assert.deepEqual(logsAfter({ type: "readLog", log }), [log]);
  });
  it("that can't be read is empty, whatever the reason, and isn't asked for again", () => {
    for (const kind of ["notFound", "forbidden", "unknown", "rejected", "conflict"] as const) {
      assert.deepEqual(logsAfter({ type: "refused", refusal: { kind, message: kind } }), [{ ...log, text: "" }]);
    }
  });
});

describe("a pod that was known and isn't there any more when the pods are read", () => {
  const before = aPod("restart", { phase: "Running" });
  function lostAfter(known: readonly Pod[], there: readonly Pod[], lostPods: readonly Pod[] = []): readonly Pod[] {
    const s = aSnapshot({ pods: known, more: { live: { lostPods, events: [], logs: [] } } });
    const look: Step = { type: "Look", object: "pods", at: { by: "discovery" } };
    const absorbed = absorb(s, look, { type: "looked", looked: { object: "pods", value: there } });
    assert.ok(absorbed.type === "continue" && absorbed.snapshot.kind === "execution");
    return absorbed.snapshot.live.lostPods;
  }
  it("is kept as it was last seen: it may explain a failure", () => {
    assert.deepEqual(lostAfter([before], []), [before]);
  });
  it("is kept also where another one has its name", () => {
    assert.deepEqual(lostAfter([before], [aPod("restart", {}, { uid: "uid-of-second" })]), [before]);
  });
  it("is kept once", () => {
    assert.deepEqual(lostAfter([before], [], [before]), [before]);
    assert.deepEqual(lostAfter([before], [before]), []);
  });
});

describe("children that are read after a run that failed and names none of them", () => {
  const w = aWorkflowExecution();
  const childReferences = [{ kind: "TaskRun", name: "run-restart" }];
  function runsAfter(run: PipelineRun, object: "taskRuns" | "customRuns" | "pods"): unknown {
    const look: Step = { type: "Look", object, at: { by: "discovery" } };
    const s = aSnapshot({ execution: w, runs: [run], fresh: ["runs"] });
    const absorbed = absorb(s, look, { type: "looked", looked: { object, value: [] } });
    return absorbed.type === "continue" && absorbed.snapshot.runs.freshness;
  }
  for (const object of ["taskRuns", "customRuns", "pods"] as const) {
    it(`make it be read again: with it they may have gone before (${object})`, () => {
      assert.equal(runsAfter(aPipelineRun(w, "failed"), object), "cached");
    });
    it(`make it be read again for its lock, too: the execution may be gone (${object})`, () => {
      const look: Step = { type: "Look", object, at: { by: "discovery" } };
      const s = aLockSnapshot({ runs: [aPipelineRun(w, "failed")], fresh: ["runs"] });
      const absorbed = absorb(s, look, { type: "looked", looked: { object, value: [] } });
      assert.equal(absorbed.type === "continue" && absorbed.snapshot.runs.freshness, "cached");
    });
    it(`say all that there is to know of any other (${object})`, () => {
      assert.equal(runsAfter(aPipelineRun(w, "failed", { status: { childReferences } }), object), "fresh");
      assert.equal(runsAfter(aPipelineRun(w, "succeeded"), object), "fresh");
      assert.equal(runsAfter(aPipelineRun(w, "running"), object), "fresh");
    });
  }
});

describe("an execution that is read after its lock", () => {
  const before = aWorkflowExecution({ metadata: { resourceVersion: "1" } });
  const executionRef = { namespace: "kubernaut-workflows", name: "r", uid: "uid-of-run" };
  function lockAfter(now: Parameters<typeof aWorkflowExecution>[0]): unknown {
    const look: Step = { type: "Look", object: "execution", at: { by: "discovery" } };
    const s = aSnapshot({ execution: before, fresh: ["lock"] });
    const absorbed = absorb(s, look, {
      type: "looked",
      looked: { object: "execution", value: aWorkflowExecution(now) },
    });
    return absorbed.type === "continue" && absorbed.snapshot.lock.freshness;
  }
  it("makes it be read again where it has a run by now: another controller took the lock in between", () => {
    assert.equal(lockAfter({ metadata: { resourceVersion: "2" }, status: { executionRef } }), "cached");
  });
  it("leaves it as it is where it has no run yet, or is the one that was known", () => {
    assert.equal(lockAfter({ metadata: { resourceVersion: "2" } }), "fresh");
    assert.equal(lockAfter({ metadata: { resourceVersion: "1" }, status: { executionRef } }), "fresh");
  });
});
