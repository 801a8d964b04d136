import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aBlock, aHeldLock, aHistory, aTargetLock, TARGET } from "../../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import type { BlockedWorkflow } from "../../lock/block.ts";
import {
  backoffDetails,
  blockedDetails,
  fullDetails,
  recentRemediationDetails,
  resourceBusyDetails,
} from "./skip-details.ts";

const w = aWorkflowExecution();

describe("the details of a skip", () => {
  it("say who holds the target, and since when", () => {
    assert.deepEqual(resourceBusyDetails(aHeldLock(w), TARGET, after(10)), {
      reason: "ResourceBusy",
      message: `target ${TARGET} is held by execution remediation/restart-checkout (workflow restart-deployment) since ${timeAfter(1)}`,
      skippedAt: timeAfter(10),
      conflictingWorkflow: {
        name: "restart-checkout",
        namespace: "remediation",
        uid: "uid-of-restart-checkout",
        workflowId: "restart-deployment",
        startedAt: timeAfter(1),
        targetResource: TARGET,
      },
    });
  });
  it("say why nobody is named where the record can't be read", () => {
    const details = resourceBusyDetails(aTargetLock({ formatVersion: 2 }), TARGET, after(10));
    assert.match(details.message, /can't be read by this version \(format 2/);
    assert.equal(details.conflictingWorkflow, undefined);
  });
  it("say which execution ran, when the cooldown ends and how long that is", () => {
    const lock = aTargetLock({ workflows: [aHistory()] });
    const details = recentRemediationDetails(lock, "restart-deployment", { end: after(240), now: after(10) - 1 });
    assert.equal(details.reason, "RecentlyRemediated");
    assert.match(details.message, /by remediation\/earlier within the cooldown, which ends at .* \(in 3m51s\)/);
    assert.deepEqual(details.recentRemediation, {
      name: "earlier",
      namespace: "remediation",
      uid: "uid-of-earlier",
      workflowId: "restart-deployment",
      completedAt: timeAfter(-60),
      outcome: "Success",
      targetResource: TARGET,
      cooldownRemaining: "3m51s",
      cooldownEndsAt: timeAfter(240),
    });
  });
  it("leave out what the history doesn't know", () => {
    const lock = aTargetLock({ workflows: [{ workflowId: "restart-deployment" }] });
    const { recentRemediation } = recentRemediationDetails(lock, "restart-deployment", {
      end: after(240),
      now: after(0),
    });
    assert.deepEqual(Object.keys(recentRemediation ?? {}).toSorted(), [
      "cooldownEndsAt",
      "cooldownRemaining",
      "targetResource",
      "workflowId",
    ]);
  });
});

describe("the details of a skip in a backoff", () => {
  const record = aHistory({ lastOutcome: "Failed", consecutiveFailures: 3, nextAllowedAt: timeAfter(240) });
  const lock = aTargetLock({ workflows: [record] });
  const details = backoffDetails(lock, "restart-deployment", { end: after(240), now: after(10) });
  it("say how often it failed, last with which execution, and from when on it may be tried again", () => {
    assert.equal(details.reason, "RecentlyRemediated");
    assert.equal(
      details.message,
      `workflow restart-deployment failed 3 times in a row on target ${TARGET} before it ran (last by remediation/earlier); it may be tried again from ${timeAfter(240)} (in 3m50s)`,
    );
    assert.deepEqual(
      [details.recentRemediation?.name, details.recentRemediation?.outcome, details.recentRemediation?.cooldownEndsAt],
      ["earlier", "Failed", timeAfter(240)],
    );
  });
});

describe("the details of a skip by a block", () => {
  const record = aHistory({ lastOutcome: "Failed", consecutiveFailures: 5 });
  function blocked(blockedBy: BlockedWorkflow["blockedBy"], workflowId = "restart-deployment") {
    return blockedDetails(aTargetLock(), { block: { ...record, blockedBy }, workflowId, now: after(10) });
  }
  const { name: lockName } = aTargetLock().metadata;

  it("say whose failure blocks the workflow, since when, and how that is cleared", () => {
    const { reason, message, skippedAt, recentRemediation } = blocked(aBlock());
    assert.deepEqual([reason, skippedAt], ["PreviousExecutionFailed", timeAfter(10)]);
    assert.equal(
      message,
      `workflow restart-deployment ran and failed with execution remediation/earlier (workflow restart-deployment) on target ${TARGET}, and is blocked there since ${timeAfter(-60)} until someone clears it: annotation kubernaut.ai/clear-execution-block on TargetLock ${lockName}`,
    );
    assert.deepEqual(recentRemediation, {
      namespace: "remediation",
      name: "earlier",
      uid: "uid-of-earlier",
      workflowId: "restart-deployment",
      completedAt: timeAfter(-60),
      outcome: "Failed",
      targetResource: TARGET,
    });
  });
  it("say that it is the bundle of another workflow, where it is", () => {
    assert.match(
      blocked(aBlock(), "renamed").message,
      /^the bundle of workflow renamed ran and failed with .* \(workflow restart-deployment\)/,
    );
  });
  it("say how often it failed before it ran", () => {
    const { reason, message } = blocked(aBlock({ reason: "ExhaustedRetries" }));
    assert.equal(reason, "ExhaustedRetries");
    assert.match(message, /failed 5 times in a row before it ran, last with execution remediation\/earlier/);
  });
  it("say it also where so much is blocked that nothing more fits into the record", () => {
    const { reason, message } = fullDetails(aTargetLock({ workflows: [record, record] }), after(10));
    assert.equal(reason, "PreviousExecutionFailed");
    assert.match(message, /^2 workflows are blocked .* clears one of them: annotation .* on TargetLock target-/);
  });
});
