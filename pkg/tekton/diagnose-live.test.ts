import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { liveRun, liveRunNames, seenAfterwards } from "../../test/support/recorded-live-run.ts";
import type { FailureDetails } from "../api/workflow-execution.ts";
import { diagnose } from "./diagnose.ts";
import type { FailureRequest } from "./failure-request.ts";
import { repeatedSteps } from "./repeated-steps.ts";
import { runState } from "./run-state.ts";

const request: FailureRequest = {
  workflowId: "restart-deployment",
  version: "1.2",
  targetResource: "payment/Deployment/api",
  decidedAt: "2026-11-21T23:00:00Z",
};

/** reason, confidence, task (and its index), step, exit code, wasExecutionFailure, retryable. */
type Row = readonly [
  reason: string,
  confidence: string,
  task: string | undefined,
  taskIndex: number,
  step: string | undefined,
  exitCode: number | undefined,
  executed: boolean,
  retryable: boolean,
];

/** Every run that ended badly while it was watched, pods and warnings included, on real Tekton. */
const table: Readonly<Record<string, Row>> = {
  "bundle-denied": ["Forbidden", "likely", undefined, -1, undefined, undefined, false, false],
  "bundle-missing": ["ConfigurationError", "likely", undefined, -1, undefined, undefined, false, false],
  cancelled: ["Cancelled", "certain", undefined, -1, undefined, undefined, true, true],
  "cancelled-finally": ["Cancelled", "certain", undefined, -1, undefined, undefined, true, true],
  "cancelled-stubborn": ["Cancelled", "certain", undefined, -1, undefined, undefined, true, true],
  "command-missing": ["TaskFailed", "certain", "change", 0, "change", 1, true, false],
  "configmap-key-missing": ["ConfigurationError", "certain", "change", 0, "change", undefined, false, false],
  "continued-then-failed": ["TaskFailed", "certain", "change", 0, "change", 4, true, false],
  "dag-cycle": ["ConfigurationError", "certain", undefined, -1, undefined, undefined, false, false],
  "digest-wrong": ["ConfigurationError", "likely", undefined, -1, undefined, undefined, false, false],
  "disk-full": ["ResourceExhausted", "certain", "change", 0, "change", undefined, true, false],
  "entrypoint-missing": ["ImagePullBackOff", "likely", "change", 0, undefined, undefined, false, false],
  "execution-deleted": ["Cancelled", "certain", undefined, -1, undefined, undefined, true, true],
  "exit-1": ["TaskFailed", "certain", "change", 0, "change", 1, true, false],
  "exit-42": ["TaskFailed", "certain", "change", 1, "change", 42, true, false],
  "finally-fails": ["TaskFailed", "certain", "change", 1, "change", 9, true, false],
  "image-denied": ["ImagePullBackOff", "certain", "change", 0, "change", undefined, false, false],
  "image-missing": ["ImagePullBackOff", "certain", "change", 0, "change", undefined, false, false],
  "image-missing-later": ["ImagePullBackOff", "certain", "change", 1, "change", undefined, true, false],
  "image-name-invalid": ["ImagePullBackOff", "certain", "change", 0, "change", undefined, false, false],
  "init-container-fails": ["TaskFailed", "certain", "change", 0, undefined, undefined, false, false],
  "killed-by-itself": ["TaskFailed", "certain", "change", 0, "change", 255, true, false],
  "no-bundle": ["ConfigurationError", "likely", undefined, -1, undefined, undefined, false, false],
  "oom-killed": ["OOMKilled", "certain", "change", 0, "change", 137, true, false],
  "parameter-missing": ["ConfigurationError", "certain", undefined, -1, undefined, undefined, false, false],
  "parameter-type": ["ConfigurationError", "certain", undefined, -1, undefined, undefined, false, false],
  "pipeline-misnamed": ["ConfigurationError", "likely", undefined, -1, undefined, undefined, false, false],
  "pipeline-timeout": ["DeadlineExceeded", "certain", "change", 0, "change", undefined, true, true],
  "pod-deleted": ["Interrupted", "certain", "change", 0, "change", 255, true, true],
  "pod-deleted-in-peace": ["Interrupted", "certain", "change", 0, "change", 143, true, true],
  "pod-evicted": ["Interrupted", "certain", "change", 0, "change", 255, true, true],
  "pod-security": ["Forbidden", "certain", "change", 0, undefined, undefined, false, false],
  "quota-exceeded": ["ResourceExhausted", "certain", "change", 0, undefined, undefined, false, true],
  "rbac-denied": ["TaskFailed", "certain", "change", 0, "change", 1, true, false],
  "registry-down": ["ImagePullBackOff", "likely", undefined, -1, undefined, undefined, false, true],
  "result-undeclared": ["ConfigurationError", "certain", undefined, -1, undefined, undefined, false, false],
  "result-unwritten": ["ConfigurationError", "certain", undefined, -1, undefined, undefined, true, false],
  "retry-fails": ["TaskFailed", "certain", "change", 0, "change", 6, true, false],
  "serviceaccount-missing": ["ConfigurationError", "certain", "change", 0, undefined, undefined, false, false],
  "stopped-finally": ["Cancelled", "certain", undefined, -1, undefined, undefined, true, true],
  "step-timeout": ["DeadlineExceeded", "certain", "change", 0, "change", 1, true, true],
  "task-timeout": ["DeadlineExceeded", "certain", "change", 0, "change", undefined, true, true],
  "two-fail": ["TaskFailed", "certain", "change", 1, "change", 1, true, false],
  unschedulable: ["ResourceExhausted", "certain", "change", 0, undefined, undefined, false, true],
};

function toRow(details: FailureDetails): Row {
  return [
    details.reason,
    details.confidence,
    details.failedTaskName,
    details.failedTaskIndex,
    details.failedStepName,
    details.exitCode,
    details.wasExecutionFailure,
    details.retryAdvice?.retryable ?? false,
  ];
}

function endedBadly(name: string): boolean {
  return ["failed", "cancelled"].includes(runState(liveRun(name).run).phase);
}

describe("diagnose: every run that was watched to its bad end", () => {
  for (const [name, row] of Object.entries(table)) {
    it(`${name} is ${row[0]}`, () => {
      assert.deepEqual(toRow(diagnose(liveRun(name), request)), row);
    });
  }

  it("has none outside this table", () => {
    assert.deepEqual(liveRunNames().filter(endedBadly), Object.keys(table).toSorted());
  });
});

/** Without having seen the pod go, only its absence tells. */
const lessSureAfterwards: ReadonlySet<string> = new Set(["pod-deleted", "pod-deleted-in-peace", "pod-evicted"]);

describe("diagnose: a controller that was started after the end", () => {
  for (const name of Object.keys(table)) {
    it(`says the same about ${name}${lessSureAfterwards.has(name) ? ", less surely" : ""}`, () => {
      const [seen, after] = [liveRun(name), seenAfterwards(liveRun(name))].map((one) => diagnose(one, request));
      assert.ok(seen !== undefined && after !== undefined);
      const [reason, , ...rest] = toRow(seen);
      assert.deepEqual(toRow(after), [reason, lessSureAfterwards.has(name) ? "likely" : seen.confidence, ...rest]);
      if (!lessSureAfterwards.has(name)) {
        assert.equal(after.message, seen.message);
        assert.equal(after.naturalLanguageSummary, seen.naturalLanguageSummary);
      }
    });
  }
});

/** What only the pods, their warnings or the other tasks tell. */
const words: Readonly<Record<string, RegExp>> = {
  "image-denied": /authorization failed: no basic auth credentials.* only once the pull credentials are corrected\.$/,
  "image-missing": /no-such-image:1: not found.* only once the image reference is corrected\.$/,
  "pod-deleted": /its pod run-change-pod was deleted/,
  "pod-evicted": /its pod run-change-pod was evicted/,
  "two-fail": /Other tasks failed: slow, cleanup; never run: after\./,
  "exit-42": /Task change \(2 of 3\), step change \(1 of 2\), .* Other tasks completed: prepare; never run: report\./,
  "retry-fails": /at the last of 2 attempts/,
  "finally-fails": /Task change \(1 of 1 in finally\)/,
  unschedulable: /0\/1 nodes are available: 1 Insufficient memory/,
  "bundle-denied": /bundle was not fetched: cannot retrieve the oci image: .*UNAUTHORIZED/,
  "execution-deleted": /Task change \(1 of 2\), step change \(1 of 1\), was running then and was stopped/,
};

describe("diagnose: the summary of a run that was watched tells", () => {
  for (const [name, expected] of Object.entries(words)) {
    it(`what was seen of ${name}`, () => {
      assert.match(diagnose(liveRun(name), request).naturalLanguageSummary, expected);
    });
  }
});

describe("diagnose: the evidence of a run that was watched", () => {
  it("has the warnings about its pods", () => {
    const { evidence = [] } = diagnose(liveRun("unschedulable"), request);
    assert.deepEqual([...new Set(evidence.map(({ source }) => source))], ["TaskRun", "Pod", "Event", "PipelineRun"]);
    assert.match(evidence.find(({ source }) => source === "Event")?.fact ?? "", /^FailedScheduling: 0\/1 nodes/);
  });

  it("has the words of Tekton's request for the bundle", () => {
    const { evidence = [] } = diagnose(liveRun("bundle-missing"), request);
    const [request1] = evidence.filter(({ source }) => source === "ResolutionRequest");
    assert.match(request1?.name ?? "", /^bundles-[0-9a-f]{32}$/);
    assert.match(request1?.fact ?? "", /^cannot retrieve the oci image: .*NAME_UNKNOWN/);
  });

  it("says which of Tekton's own containers failed", () => {
    const { evidence = [] } = diagnose(liveRun("init-container-fails"), request);
    assert.ok(
      evidence.some(({ fact }) => fact.startsWith("init container working-dir-initializer terminated with exit")),
    );
  });
});

describe("repeatedSteps: of the runs that were watched", () => {
  it("finds the one whose pod was deleted by force", () => {
    const repeated = liveRunNames().filter((name) => repeatedSteps(liveRun(name)) !== undefined);
    assert.deepEqual(repeated, ["pod-deleted-by-force"]);
    assert.match(
      repeatedSteps(liveRun("pod-deleted-by-force")) ?? "",
      /^pod run-change-pod was deleted and made again \(e0c7a9e2-\S+, then 512c26f7-\S+\), so its steps may have run twice$/,
    );
  });
});
