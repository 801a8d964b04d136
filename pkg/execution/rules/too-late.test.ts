import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../../test/support/builders/a-pipeline-run.ts";
import { aCase, aPolicy } from "../../../test/support/builders/a-snapshot.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import { eventsIn, lookedAt, written } from "../../../test/support/builders/written.ts";
import { tooLate } from "./too-late.ts";

const executionRef = { namespace: "kubernaut-workflows", name: "r", uid: "uid-of-run" };

describe("an execution whose time to start is over", () => {
  it("ends as DeadlineExceeded where it has no run", () => {
    const step = tooLate(aCase({ now: after(300) }));
    const { phase, outcome, reason, completionTime } = written(step);
    assert.deepEqual(
      [phase, outcome, reason, completionTime],
      ["Failed", "Failed", "DeadlineExceeded", timeAfter(300)],
    );
    assert.deepEqual(eventsIn(step), ["requested", "failed"]);
  });
  it("goes on a moment before", () => {
    assert.equal(tooLate(aCase({ now: after(300) - 1 })), undefined);
  });
  it("ends as ResourceExhausted where it was quota that it waited for", () => {
    const execution = aWorkflowExecution({ status: { reason: "QuotaExceeded", message: "exceeded quota: runs" } });
    const { reason, message } = written(tooLate(aCase({ execution, now: after(300) })));
    assert.equal(reason, "ResourceExhausted");
    assert.match(message ?? "", /exceeded quota: runs/);
  });

  it("says behind whom it waited, where it waited for its target", () => {
    const status = { reason: "WaitingForTarget", message: "position 2, until noon at the latest: it is held" };
    const { message } = written(tooLate(aCase({ execution: aWorkflowExecution({ status }), now: after(300) })));
    assert.match(message ?? "", /\(maxDelay\).* \(it waited at position 2, until noon/);
  });

  it("says what kept its run from being created", () => {
    const status = { reason: "RunNotCreated", message: "failed calling webhook" };
    const { reason, message } = written(tooLate(aCase({ execution: aWorkflowExecution({ status }), now: after(300) })));
    assert.equal(reason, "DeadlineExceeded");
    assert.match(message ?? "", /\(maxDelay\).* \(RunNotCreated: failed calling webhook\)$/);
  });

  const execution = aWorkflowExecution({ status: { executionRef } });
  const pending = aPipelineRun(execution, "pending");
  it("first writes the verdict down where its run is Pending", () => {
    const step = tooLate(aCase({ execution, runs: [pending], now: after(300) }));
    const { phase, reason } = written(step);
    assert.deepEqual([phase, reason, eventsIn(step)], ["Pending", "DeadlineExceeded", []]);
  });

  const judged = aWorkflowExecution({ status: { executionRef, reason: "DeadlineExceeded", message: "too old" } });
  it("then deletes exactly the Pending run that it saw", () => {
    assert.deepEqual(tooLate(aCase({ execution: judged, runs: [pending], now: after(301) })), {
      type: "DeleteRun",
      run: { namespace: "kubernaut-workflows", name: pending.metadata.name, uid: "uid-of-run", resourceVersion: "200" },
    });
  });
  it("then waits for the end of that deletion", () => {
    const going = aPipelineRun(judged, "pending", { metadata: { deletionTimestamp: timeAfter(301) } });
    assert.deepEqual(tooLate(aCase({ execution: judged, runs: [going], now: after(301) })), { type: "Done" });
  });
  it("then ends at once, because whoever deletes a Pending run knows that it was never started", () => {
    const more = { neverStarted: executionRef.uid };
    const step = tooLate(aCase({ execution: judged, runs: [pending], now: after(302), more }));
    assert.equal(written(step).failureDetails?.reason, "DeadlineExceeded");
    assert.deepEqual(eventsIn(step), ["failed"]);
  });
  it("awaits the remains of a run that is gone without its doing: somebody may have started it", () => {
    assert.equal(lookedAt(tooLate(aCase({ execution: judged, now: after(302) }))), "runs");
    const noticed = written(tooLate(aCase({ execution: judged, now: after(302), fresh: ["runs"] })));
    assert.deepEqual([noticed.phase, noticed.reason], ["Pending", "DeadlineExceeded"]);
    const waiting = aWorkflowExecution({ status: noticed });
    const settled = after(302) + aPolicy().externalDeletionSettleMs;
    assert.deepEqual(tooLate(aCase({ execution: waiting, now: after(303) })), { type: "Wait", until: settled });
    assert.equal(lookedAt(tooLate(aCase({ execution: waiting, now: settled }))), "runs");
    const { phase, failureDetails } = written(tooLate(aCase({ execution: waiting, now: settled, fresh: "all" })));
    assert.deepEqual(
      [phase, failureDetails?.reason, failureDetails?.wasExecutionFailure],
      ["Failed", "DeadlineExceeded", true],
    );
  });
  for (const progress of ["started", "running", "succeeded"] as const) {
    it(`goes on where its run is ${progress}, verdict or not`, () => {
      for (const one of [execution, judged]) {
        const runs = [aPipelineRun(one, progress)];
        assert.equal(tooLate(aCase({ execution: one, runs, now: after(301) })), undefined);
      }
    });
  }
  it("is no matter of this rule where its run is gone without us", () => {
    assert.equal(tooLate(aCase({ execution, now: after(301) })), undefined);
  });
});
