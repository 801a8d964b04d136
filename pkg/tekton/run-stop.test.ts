import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aRun } from "../../test/support/a-run-evidence.ts";
import { aTaskRun } from "../../test/support/a-task-run.ts";
import { ANNOTATION_STOP_REASON } from "../api/labels.ts";
import type { PipelineRun } from "../api/tekton.ts";
import { isOutOfTime, stopReasonOf, taskStop } from "./run-stop.ts";

const CANCELLED = "TaskRun cancelled as the PipelineRun it belongs to has been cancelled.";
const TIMED_OUT = "TaskRun cancelled as the PipelineRun it belongs to has timed out.";

function stoppedBy(reason: string, run: PipelineRun = aRun("Cancelled")): PipelineRun {
  const annotations = { [ANNOTATION_STOP_REASON]: reason };
  return { ...run, metadata: { ...run.metadata, annotations }, spec: { status: "CancelledRunFinally" } };
}

const cases: Readonly<Record<string, readonly [run: PipelineRun, statusMessage: string, stop: string | undefined]>> = {
  "with its run": [aRun("Cancelled"), CANCELLED, "cancelled"],
  "because its run was out of time": [aRun("PipelineRunTimeout"), TIMED_OUT, "timedOut"],
  "because finally was out of time, which the run doesn't say": [aRun("Failed"), TIMED_OUT, "timedOut"],
  "by us, because the run was out of time": [stoppedBy("DeadlineExceeded"), CANCELLED, "timedOut"],
  "by us, because somebody asked for it": [stoppedBy("Cancel"), CANCELLED, "cancelled"],
  "by us with its run, because Tekton had missed it": [stoppedBy("Deletion"), "", "cancelled"],
  "by us when time was up, because Tekton had missed it": [aRun("PipelineRunTimeout"), "", "timedOut"],
  "after its run had failed by itself": [aRun("Failed"), CANCELLED, "begunAgain"],
  "with its run, whose finally then failed": [stoppedBy("Cancel", aRun("Failed")), CANCELLED, "cancelled"],
  "with its run, which failed for another reason": [aRun("InvalidTaskResultReference"), CANCELLED, "cancelled"],
  "with its run, which hasn't ended yet": [aRun(), CANCELLED, "cancelled"],
  "by somebody, alone": [aRun("Cancelled"), "", "alone"],
  "by somebody, alone and with other words": [aRun("Cancelled"), "I did it", "alone"],
};

describe("taskStop: a TaskRun was cancelled", () => {
  for (const [sentence, [run, statusMessage, stop]] of Object.entries(cases)) {
    it(`${sentence}: ${String(stop)}`, () => {
      assert.equal(taskStop(aTaskRun({ reason: "TaskRunCancelled", statusMessage }), run), stop);
    });
  }

  it("isn't said of one that failed by itself", () => {
    assert.equal(
      taskStop(aTaskRun({ reason: "StepFailed", statusMessage: CANCELLED }), stoppedBy("Cancel")),
      undefined,
    );
  });
});

describe("stopReasonOf", () => {
  it("reads only what this controller writes", () => {
    assert.equal(stopReasonOf(stoppedBy("Deletion")), "Deletion");
    assert.equal(stopReasonOf(stoppedBy("constructor")), undefined);
    assert.equal(stopReasonOf(aRun("Cancelled")), undefined);
  });
});

describe("isOutOfTime", () => {
  it("is so by Tekton's clock or by ours", () => {
    assert.equal(isOutOfTime(aRun("PipelineRunTimeout")), true);
    assert.equal(isOutOfTime(stoppedBy("DeadlineExceeded")), true);
  });

  it("isn't so where the run ended otherwise before we could stop it, or was cancelled for another reason", () => {
    assert.equal(isOutOfTime(stoppedBy("DeadlineExceeded", aRun("Failed"))), false);
    assert.equal(isOutOfTime(stoppedBy("Cancel")), false);
  });
});
