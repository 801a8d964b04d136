import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../../test/support/builders/a-pipeline-run.ts";
import { aCase, type SnapshotWishes } from "../../../test/support/builders/a-snapshot.ts";
import { aHeldLock, TARGET } from "../../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import { eventsIn, lookedAt, written } from "../../../test/support/builders/written.ts";
import type { Step } from "../step.ts";
import { failBeforeRun, withdraw, type Verdict } from "./fail-before-run.ts";

const w = aWorkflowExecution();
const forbidden: Verdict = { reason: "Forbidden", message: "denied, password=hunter2hunter2" };

describe("an execution that fails before it has a run", () => {
  const step = failBeforeRun(aCase({ lock: aHeldLock(w) }), forbidden);
  const status = written(step);
  it("ends Failed, as one of which nothing ran, without secrets", () => {
    const { phase, outcome, reason, message, failureReason, completionTime } = status;
    assert.deepEqual([phase, outcome, reason, completionTime], ["Failed", "Failed", "Forbidden", timeAfter(10)]);
    assert.deepEqual([message, failureReason], Array(2).fill("denied, password=[redacted]"));
    assert.equal(status.failureDetails?.wasExecutionFailure, false);
  });
  it("says whether the same may be tried again, and how often it failed", () => {
    assert.deepEqual(status.retry, { disposition: "Never" });
    assert.deepEqual([status.consecutiveFailures, status.nextAllowedExecution], [1, timeAfter(71)]);
  });
  it("is on record with its target, from the request on", () => {
    assert.deepEqual(eventsIn(step), ["requested", "failed"]);
    const { facts, reason } = status.audit?.pending?.[1] ?? {};
    assert.deepEqual([reason, facts?.["targetResource"], facts?.["clusterId"]], ["Forbidden", TARGET, undefined]);
    const named = failBeforeRun(aCase({}, { clusterId: "prod-eu" }), forbidden);
    assert.equal(written(named).audit?.pending?.[1]?.facts?.["clusterId"], "prod-eu");
  });
  it("ends as Cancelled where a person took it back", () => {
    const cancelled = failBeforeRun(aCase(), { reason: "Cancelled", message: "deleted" });
    assert.deepEqual([written(cancelled).phase, written(cancelled).outcome], ["Failed", "Cancelled"]);
    assert.deepEqual(
      [eventsIn(cancelled), written(cancelled).retry],
      [["requested", "cancelled"], { disposition: "Never" }],
    );
  });
});

describe("an execution that is withdrawn", () => {
  const executionRef = { namespace: "kubernaut-workflows", name: "r", uid: "uid-of-run" };
  const bound = aWorkflowExecution({ status: { executionRef } });
  const judged = aWorkflowExecution({ status: { executionRef, reason: "Forbidden", message: "denied" } });
  function take(wishes: SnapshotWishes): Step {
    return withdraw(aCase(wishes), forbidden);
  }
  it("ends at once where it has no run", () => {
    assert.equal(written(take({})).phase, "Failed");
  });
  it("has the verdict written down before its run is deleted", () => {
    const step = take({ execution: bound, runs: [aPipelineRun(bound, "pending")] });
    assert.deepEqual([written(step).phase, written(step).reason], ["Pending", "Forbidden"]);
    assert.equal(written(step).message, "denied, password=[redacted]");
    assert.equal(take({ execution: judged, runs: [aPipelineRun(judged, "pending")] }).type, "DeleteRun");
  });
  it("ends when this very attempt has deleted its run while that was Pending", () => {
    const runs = [aPipelineRun(judged, "pending")];
    const step = take({ execution: judged, runs, more: { neverStarted: "uid-of-run" } });
    assert.deepEqual([written(step).phase, eventsIn(step)], ["Failed", ["failed"]]);
    assert.equal(written(step).failureDetails?.wasExecutionFailure, false);
  });
  it("doesn't end because another run was deleted while that was Pending", () => {
    const step = take({ execution: judged, more: { neverStarted: "uid-of-second" }, fresh: ["runs"] });
    assert.equal(written(step).phase, "Pending");
  });
  it("awaits what a run may have left of which nobody knows whether it was started", () => {
    assert.equal(lookedAt(take({ execution: judged })), "runs");
    const noticed = aWorkflowExecution({ status: written(take({ execution: judged, fresh: ["runs"] })) });
    assert.deepEqual(take({ execution: noticed, fresh: "all", now: after(69) }), { type: "Wait", until: after(70) });
    assert.equal(written(take({ execution: noticed, fresh: "all", now: after(70) })).phase, "Failed");
  });
  it("counts as executed then, because what nobody can know may have changed the target", () => {
    const noticed = aWorkflowExecution({ status: written(take({ execution: judged, fresh: ["runs"] })) });
    const { reason, message, failureDetails, retry } = written(
      take({ execution: noticed, fresh: "all", now: after(70) }),
    );
    assert.deepEqual([reason, retry], ["Forbidden", { disposition: "WhenCleared" }]);
    assert.deepEqual([failureDetails?.wasExecutionFailure, failureDetails?.reason], [true, "Forbidden"]);
    assert.match(message ?? "", /kubernaut-workflows\/r is gone, and nobody can tell whether it had been started$/);
  });
  it("waits while its run is on its way out", () => {
    const going = aPipelineRun(judged, "pending", { metadata: { deletionTimestamp: timeAfter(9) } });
    assert.deepEqual(take({ execution: judged, runs: [going] }), { type: "Done" });
  });
});
