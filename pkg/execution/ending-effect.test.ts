import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { after, timeAfter } from "../../test/support/builders/moments.ts";
import type { FailureDetails } from "../api/workflow-execution.ts";
import type { HolderOutcome } from "../lock/history.ts";
import { endingEffect, latestMoment } from "./ending-effect.ts";

function failed(reason: string, wasExecutionFailure: boolean): HolderOutcome["effect"] {
  return endingEffect({ phase: "Failed", failureDetails: { reason, wasExecutionFailure } as FailureDetails });
}

describe("the end of an execution", () => {
  it("is a success, a failure, or nothing yet, by its phase", () => {
    assert.equal(endingEffect({ phase: "Completed" }), "Completed");
    assert.equal(endingEffect({ phase: "Skipped" }), "NotCounted");
    assert.equal(endingEffect({ phase: "Running" }), "NotCounted");
    assert.equal(endingEffect({}), "NotCounted");
  });
  it("is a failure before execution where nobody said what happened", () => {
    assert.equal(endingEffect({ phase: "Failed" }), "PreExecutionFailed");
  });
  for (const reason of ["TaskFailed", "Cancelled", "ExternallyDeleted", "DeadlineExceeded"]) {
    it(`blocks the workflow where a step had started, also as ${reason}`, () => {
      assert.equal(failed(reason, true), "ExecutionFailed");
    });
  }
  for (const reason of ["ConfigurationError", "ImagePullBackOff", "ResourceExhausted", "Forbidden", "Unknown"]) {
    it(`counts for the backoff where nothing ran: ${reason}`, () => {
      assert.equal(failed(reason, false), "PreExecutionFailed");
    });
  }
  const notCounted = ["DeadlineExceeded", "Cancelled", "ExternallyDeleted"];
  for (const reason of [...notCounted, "UnsupportedFeature", "UnsupportedCluster", "UnsupportedEngine"]) {
    it(`says nothing about workflow and target where nothing ran: ${reason}`, () => {
      assert.equal(failed(reason, false), "NotCounted");
    });
  }
});

describe("the latest moment that a timestamp can mean", () => {
  it("is just before the next second: fractions are cut off in it", () => {
    assert.equal(latestMoment(timeAfter(3)), after(4) - 1);
  });
});
