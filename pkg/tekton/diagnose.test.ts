import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isRecordedRunGone, recordedLog, recordedNames, recordedRun } from "../../test/support/recorded-run.ts";
import type { FailureDetails } from "../api/workflow-execution.ts";
import { diagnose } from "./diagnose.ts";
import type { FailureRequest } from "./failure-request.ts";
import type { RunEvidence } from "./run-evidence.ts";
import { runState } from "./run-state.ts";

const request: FailureRequest = {
  workflowId: "restart-deployment",
  version: "1.2",
  targetResource: "payment/Deployment/api",
  decidedAt: "2026-11-21T13:00:00Z",
};

/** reason, confidence, task (and its index), step, exit code, wasExecutionFailure, retryable. */
type Row = readonly [
  reason: string,
  confidence: string,
  task: readonly [string | undefined, number],
  step: string | undefined,
  exitCode: number | undefined,
  executed: boolean,
  retryable: boolean,
];

const none = [undefined, -1] as const;

/** Every recorded run that ended badly. */
const table: Readonly<Record<string, Row>> = {
  "bundle-digest-unknown": ["ConfigurationError", "likely", none, undefined, undefined, false, false],
  "bundle-no-such-pipeline": ["ConfigurationError", "likely", none, undefined, undefined, false, false],
  "bundle-registry-down": ["ImagePullBackOff", "likely", none, undefined, undefined, false, true],
  cancelled: ["Cancelled", "certain", none, undefined, undefined, true, true],
  "cancelled-before-start": ["Cancelled", "certain", none, undefined, undefined, false, true],
  "cancelled-run-finally": ["Cancelled", "certain", none, undefined, undefined, true, true],
  "command-missing": ["TaskFailed", "certain", ["run", 0], "main", 1, true, false],
  "exit-one": ["TaskFailed", "certain", ["fail", 0], "main", 1, true, false],
  "exit-three-retried": ["TaskFailed", "certain", ["fail", 0], "first", 3, true, false],
  "image-missing": ["ImagePullBackOff", "certain", ["pull", 0], "main", undefined, false, false],
  "image-name-invalid": ["ImagePullBackOff", "certain", ["pull", 0], "main", undefined, false, false],
  "oom-killed": ["OOMKilled", "certain", ["hog", 0], "main", 137, true, false],
  "param-missing": ["ConfigurationError", "certain", none, undefined, undefined, false, false],
  "param-wrong-type": ["ConfigurationError", "certain", none, undefined, undefined, false, false],
  "pipeline-timeout": ["DeadlineExceeded", "certain", ["slow", 0], "main", undefined, true, true],
  "pipeline-timeout-whole": ["DeadlineExceeded", "certain", ["slow", 0], "main", undefined, true, true],
  "pod-deleted": ["Interrupted", "likely", ["slow", 0], "main", 255, true, true],
  "pod-evicted-api": ["Interrupted", "likely", ["slow", 0], "main", 255, true, true],
  "pod-evicted-disk": ["ResourceExhausted", "certain", ["fill", 0], "main", 255, true, false],
  "quota-exceeded": ["ResourceExhausted", "certain", ["hello", 0], undefined, undefined, false, true],
  "rbac-forbidden": ["TaskFailed", "certain", ["patch", 0], "main", 1, true, false],
  "serviceaccount-missing": ["ConfigurationError", "certain", ["hello", 0], undefined, undefined, false, false],
  "stopped-run-finally": ["Cancelled", "certain", none, undefined, undefined, true, true],
  "task-timeout": ["DeadlineExceeded", "certain", ["slow", 0], "main", undefined, true, true],
  unschedulable: ["ResourceExhausted", "certain", ["big", 0], undefined, undefined, false, true],
};

function toRow(details: FailureDetails): Row {
  return [
    details.reason,
    details.confidence,
    [details.failedTaskName, details.failedTaskIndex],
    details.failedStepName,
    details.exitCode,
    details.wasExecutionFailure,
    details.retryAdvice?.retryable ?? false,
  ];
}

describe("diagnose: every recorded failure", () => {
  for (const [name, row] of Object.entries(table)) {
    it(`${name} is ${row[0]}`, () => {
      assert.deepEqual(toRow(diagnose(recordedRun(name), request)), row);
    });
  }

  it("has no recorded failure outside this table", () => {
    const ended = recordedNames().filter((name) => !isRecordedRunGone(name));
    const bad = ended.filter((name) => ["failed", "cancelled"].includes(runState(recordedRun(name).run).phase));
    assert.deepEqual(bad.toSorted(), Object.keys(table).toSorted());
  });
});

/** The words of the root cause, which are only in a TaskRun for most. */
const messages: Readonly<Record<string, RegExp>> = {
  "bundle-registry-down": /connection refused$/,
  "exit-one": /^"step-main" exited with code 1: Error$/,
  "exit-three-retried": /^"step-first" exited with code 3: Error$/,
  "image-missing": /127\.0\.0\.1:5000\/lab\/does-not-exist:1: not found/,
  "param-missing": /missing parameters: \[deployment\]$/,
  "pipeline-timeout": /^PipelineRun "run" failed due to tasks failed to finish within "15s"$/,
  "pod-deleted": /exited with code 255: Error \(its pod run-slow-pod was deleted\)$/,
  "pod-evicted-disk": /ephemeral local storage usage exceeds the total limit of containers 10Mi\.$/,
  "quota-exceeded": /exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0 \(until time was up\)$/,
  "serviceaccount-missing": /serviceaccounts "nobody" not found/,
  "task-timeout": /^TaskRun "run-slow" failed to finish within "8s"$/,
};

describe("diagnose: the message is the root cause's own", () => {
  for (const [name, words] of Object.entries(messages)) {
    it(name, () => {
      assert.match(diagnose(recordedRun(name), request).message, words);
    });
  }
});

describe("diagnose: a run that was cancelled after a task had failed", () => {
  const { run, taskRuns, pods } = recordedRun("exit-one");
  const conditions = [{ type: "Succeeded", status: "False", reason: "Cancelled", message: "was cancelled" }] as const;
  const details = diagnose({ run: { ...run, status: { ...run.status, conditions } }, taskRuns, pods }, request);

  it("is Cancelled, and still names that task", () => {
    assert.deepEqual(toRow(details), ["Cancelled", "certain", ["fail", 0], "main", 1, true, true]);
    assert.equal(details.message, "was cancelled");
  });

  it("says both in the summary", () => {
    assert.match(
      details.naturalLanguageSummary,
      /was stopped after 11s: cancelled by .*\. Before that, task fail \(1 of 2\), step main \(1 of 1\), had failed \(exit code 1\): "step-main" exited/,
    );
  });

  it("failed when it was cancelled", () => {
    assert.equal(details.failedAt, "2026-11-21T12:48:04Z");
  });
});

describe("diagnose: times", () => {
  it("says when the task failed, not when finally had ended", () => {
    const { failedAt, executionTimeBeforeFailure } = diagnose(recordedRun("exit-one"), request);
    assert.deepEqual([failedAt, executionTimeBeforeFailure], ["2026-11-21T12:47:59Z", "6s"]);
  });

  it("says when the run ended where no task is to blame", () => {
    const { failedAt, executionTimeBeforeFailure } = diagnose(recordedRun("cancelled-run-finally"), request);
    assert.deepEqual([failedAt, executionTimeBeforeFailure], ["2026-11-21T12:50:43Z", "10s"]);
  });

  it("falls back to the decision where Tekton wrote no time", () => {
    const { run } = recordedRun("exit-one");
    const bare = { run: { ...run, metadata: { name: "run" }, status: {} }, taskRuns: [], pods: [] };
    const { failedAt, executionTimeBeforeFailure } = diagnose(bare, request);
    assert.deepEqual([failedAt, executionTimeBeforeFailure], [request.decidedAt, "0s"]);
  });
});

describe("diagnose: what a log adds", () => {
  const recorded = recordedRun("rbac-forbidden");
  const text = recordedLog("rbac-forbidden", "run-patch-pod", "step-main");
  const podUid = recorded.pods[0]?.metadata.uid ?? "";

  function withLog(log: string): RunEvidence {
    const logs = [{ podUid, podName: "run-patch-pod", container: "step-main", text: log }];
    return { ...recorded, live: { lostPods: [], events: [], logs } };
  }

  it("finds in it that the API server refused a request", () => {
    const details = diagnose(withLog(text), request);
    assert.deepEqual([details.reason, details.confidence, details.exitCode], ["Forbidden", "likely", 1]);
    assert.match(details.message, /cannot delete resource "secrets"/);
    assert.equal(details.evidence?.find(({ source }) => source === "Log")?.fact, details.message);
  });

  it("keeps the task's own time", () => {
    assert.equal(diagnose(withLog(text), request).failedAt, diagnose(recorded, request).failedAt);
  });

  it("shows its end, cleaned and bounded", () => {
    const details = diagnose(withLog(`${"x".repeat(9000)} password=hunter2`), request);
    assert.ok(details.logTail?.endsWith("xxx password=[redacted]"));
    assert.ok(Buffer.byteLength(details.logTail ?? "") <= 4096);
  });

  it("says nothing where it could not be read", () => {
    assert.equal(diagnose(withLog(""), request).logTail, undefined);
  });
});

describe("diagnose: attempts", () => {
  it("lists Tekton's retries, the oldest first", () => {
    const { attempts } = diagnose(recordedRun("exit-three-retried"), request);
    assert.deepEqual(attempts, [
      {
        reason: "TaskFailed",
        message: '"step-first" exited with code 3: Error',
        exitCode: 3,
        podName: "run-fail-pod",
        podUID: attempts?.[0]?.podUID,
        startTime: "2026-11-21T12:48:10Z",
        completionTime: "2026-11-21T12:48:15Z",
      },
      {
        reason: "TaskFailed",
        message: '"step-first" exited with code 3: Error',
        exitCode: 3,
        podName: "run-fail-pod-retry1",
        podUID: attempts?.[1]?.podUID,
        startTime: "2026-11-21T12:48:15Z",
        completionTime: "2026-11-21T12:48:19Z",
      },
    ]);
    assert.notEqual(attempts[0]?.podUID, attempts[1]?.podUID);
  });

  it("says nothing where there was only one", () => {
    assert.equal(diagnose(recordedRun("exit-one"), request).attempts, undefined);
  });
});

describe("diagnose: the summary", () => {
  it("tells what ran, what failed, what else was done and what to do", () => {
    assert.equal(
      diagnose(recordedRun("exit-one"), request).naturalLanguageSummary,
      "Workflow restart-deployment (version 1.2) on payment/Deployment/api failed after 6s with TaskFailed. " +
        'Task fail (1 of 2), step main (1 of 1), failed (exit code 1): "step-main" exited with code 1: Error. ' +
        "Other tasks completed: cleanup; never run: after. " +
        "At least one step had started, so the target may have been changed. " +
        "Do not try it again unchanged, only once the failed step's log was read and its cause removed.",
    );
  });

  it("tells a failure in finally from one in the tasks", () => {
    const { run, taskRuns, pods } = recordedRun("exit-one");
    const [only] = taskRuns.filter(({ metadata }) => metadata.name === "run-cleanup");
    assert.ok(only);
    const conditions = [{ type: "Succeeded", status: "False", reason: "StepFailed", message: "no" }] as const;
    const failed = { ...only, status: { ...only.status, conditions } };
    const { naturalLanguageSummary, failedTaskIndex } = diagnose({ run, taskRuns: [failed], pods }, request);
    assert.equal(failedTaskIndex, 2);
    assert.match(naturalLanguageSummary, /Task cleanup \(1 of 1 in finally\) failed: no\./);
  });

  it("tells where no task is to blame", () => {
    assert.match(
      diagnose(recordedRun("param-missing"), request).naturalLanguageSummary,
      /failed after 0s with ConfigurationError\. No task is to blame: \[User error\] .*\. Tasks never run: patch, verify\. No step had started/,
    );
  });

  for (const name of Object.keys(table)) {
    it(`is two to five sentences and the same each time: ${name}`, () => {
      const { naturalLanguageSummary } = diagnose(recordedRun(name), request);
      assert.equal(diagnose(recordedRun(name), request).naturalLanguageSummary, naturalLanguageSummary);
      assert.ok(naturalLanguageSummary.length < 1500);
      assert.doesNotMatch(naturalLanguageSummary, /undefined|\n|\.\.|NaN/);
    });
  }
});

describe("diagnose: the evidence", () => {
  it("starts with the task to blame, goes on to its steps and pod, and names the run", () => {
    const { evidence } = diagnose(recordedRun("pod-evicted-disk"), request);
    const fact = "Pod ephemeral local storage usage exceeds the total limit of containers 10Mi.";
    assert.deepEqual(evidence, [
      { source: "TaskRun", name: "run-fill", fact: `PodEvicted: ${fact}` },
      { source: "TaskRun", name: "run-fill", fact: "step main terminated with exit code 255 (Error)" },
      { source: "Pod", name: "run-fill-pod", fact: `Evicted: ${fact}` },
      {
        source: "PipelineRun",
        name: "run",
        fact: "Succeeded=False, Failed: Tasks Completed: 1 (Failed: 1, Cancelled 0), Skipped: 0",
      },
    ]);
  });

  it("is never more than ten facts", () => {
    const { run, taskRuns, pods } = recordedRun("exit-one");
    const many = Array.from({ length: 30 }, () => taskRuns).flat();
    assert.ok((diagnose({ run, taskRuns: many, pods }, request).evidence?.length ?? 0) <= 10);
  });
});
