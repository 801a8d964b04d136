import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../../test/support/builders/a-pipeline-run.ts";
import { aCase, aPolicy } from "../../../test/support/builders/a-snapshot.ts";
import { aWorkflowExecution, type ExecutionWishes } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import { eventsIn, lookedAt, written } from "../../../test/support/builders/written.ts";
import { startDeadline, tooLate } from "./too-late.ts";

const executionRef = { namespace: "kubernaut-workflows", name: "r", uid: "uid-of-run" };

describe("the latest moment of a start", () => {
  const cases: Readonly<Record<string, readonly [ExecutionWishes, seconds: number]>> = {
    "is the configured delay after the creation": [{}, 300],
    "is the execution's own delay": [{ spec: { executionConfig: { maxDelay: "30s" } } }, 30],
    "is timesOutAt where that is earlier": [{ spec: { timesOutAt: timeAfter(20) } }, 20],
    "is the delay where that is earlier": [{ spec: { timesOutAt: timeAfter(900) } }, 300],
  };
  for (const [sentence, [wishes, seconds]] of Object.entries(cases)) {
    it(sentence, () => {
      assert.equal(startDeadline(aWorkflowExecution(wishes), aPolicy()), after(seconds));
    });
  }
});

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
  it("then looks whether the run is really gone, and ends", () => {
    assert.equal(lookedAt(tooLate(aCase({ execution: judged, now: after(302) }))), "runs");
    const step = tooLate(aCase({ execution: judged, now: after(302), fresh: ["runs"] }));
    assert.equal(written(step).failureDetails?.reason, "DeadlineExceeded");
    assert.deepEqual(eventsIn(step), ["failed"]);
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
