import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aHeldLock, aHistory, aTargetLock, TARGET } from "../../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import { recentRemediationDetails, resourceBusyDetails } from "./skip-details.ts";

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
