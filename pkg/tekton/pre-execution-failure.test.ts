import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { FailureRequest } from "./failure-request.ts";
import { lostRunFailure, preExecutionFailure } from "./pre-execution-failure.ts";

const request: FailureRequest = {
  workflowId: "restart-deployment",
  version: "1.2",
  targetResource: "payment/Deployment/api",
  decidedAt: "2026-11-21T13:00:00Z",
};

describe("preExecutionFailure", () => {
  const refusal = {
    reason: "ConfigurationError",
    message: "no such kind: Deploymentt",
    field: "spec.targetResource",
  } as const;

  it("names the field, the time of the decision, and that nothing ran", () => {
    assert.deepEqual(preExecutionFailure(refusal, request), {
      reason: "ConfigurationError",
      message: "spec.targetResource: no such kind: Deploymentt",
      failedTaskIndex: -1,
      failedAt: request.decidedAt,
      executionTimeBeforeFailure: "0s",
      wasExecutionFailure: false,
      naturalLanguageSummary:
        "Workflow restart-deployment (version 1.2) on payment/Deployment/api was not started, with ConfigurationError: " +
        "spec.targetResource: no such kind: Deploymentt. No step had started, so this execution did not change the target. " +
        "Do not try it again unchanged, only once the request, the workflow or the configuration is corrected.",
      confidence: "certain",
      retryAdvice: { retryable: false, condition: "the request, the workflow or the configuration is corrected" },
    });
  });

  it("removes secrets from the message and from the summary", () => {
    const details = preExecutionFailure({ reason: "Forbidden", message: "password=hunter2" }, request);
    assert.doesNotMatch(JSON.stringify(details), /hunter2/);
  });

  it("bounds the message in bytes", () => {
    const details = preExecutionFailure({ reason: "Forbidden", message: "ä".repeat(5000) }, request);
    assert.ok(Buffer.byteLength(details.message) <= 4096);
  });
});

const LOST = {
  reason: "ExternallyDeleted",
  message: "PipelineRun workflows/run was deleted by somebody else",
} as const;

describe("lostRunFailure", () => {
  it("says that the target may have been changed: nobody can know any more that no step had started", () => {
    const details = lostRunFailure({ ...LOST, elapsedMs: 61_000 }, request);
    assert.deepEqual(
      [details.reason, details.wasExecutionFailure, details.executionTimeBeforeFailure],
      ["ExternallyDeleted", true, "1m1s"],
    );
    assert.match(
      details.naturalLanguageSummary,
      /ended after 1m1s: PipelineRun workflows\/run was deleted by somebody else\. .* may have been changed\./,
    );
  });
});
