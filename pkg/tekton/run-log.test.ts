import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aRun, aRunEvidence } from "../../test/support/a-run-evidence.ts";
import { anEndedStep, aPod, aTaskRun } from "../../test/support/a-task-run.ts";
import type { FailureDetails } from "../api/workflow-execution.ts";
import { diagnose } from "./diagnose.ts";
import type { StepLog } from "./run-evidence.ts";

const request = { workflowId: "w", version: "1", targetResource: "ns/Deployment/x", decidedAt: "2026-11-21T13:00:00Z" };
const DENIED = 'Error from server (Forbidden): secrets "s" is forbidden: User "sa" cannot get resource "secrets"';

function aLog(text: string, more: Partial<StepLog> = {}): StepLog {
  return { podUid: "uid-of-pod-of-fail", podName: "run-fail-pod", container: "step-main", text, ...more };
}

function failedWith(logs: readonly StepLog[], exitCode = 1, results = ""): FailureDetails {
  const steps = [anEndedStep("first", 0), anEndedStep("main", exitCode, { message: results })];
  const taskRuns = [aTaskRun({ reason: "StepFailed", message: "Tekton's words", steps })];
  return diagnose(aRunEvidence({ run: aRun("Failed"), taskRuns, pods: [aPod("fail", {})], logs }), request);
}

describe("diagnose: what the log of the failed step makes of a failure", () => {
  it("is Forbidden where the API server refused a request", () => {
    const details = failedWith([aLog(`trying\n${DENIED}\ngiving up`)]);
    assert.deepEqual([details.reason, details.confidence, details.message], ["Forbidden", "likely", DENIED]);
  });

  it("is Forbidden also where only a result says so", () => {
    const results = JSON.stringify([{ key: "error", value: DENIED, type: 1 }]);
    assert.deepEqual(
      [failedWith([], 1, results).reason, failedWith([], 1, results).confidence],
      ["Forbidden", "likely"],
    );
  });

  it("isn't Forbidden for words that only sound like it", () => {
    assert.equal(failedWith([aLog("the forbidden city is closed")]).reason, "TaskFailed");
  });

  it("isn't changed by the log of another pod, container or step", () => {
    for (const more of [{ podUid: "other" }, { container: "step-first" }]) {
      const details = failedWith([aLog(DENIED, more)]);
      assert.deepEqual([details.reason, details.logTail], ["TaskFailed", undefined]);
    }
  });

  it("tells that the step's command isn't in its image", () => {
    const details = failedWith([
      aLog("2026/11/21 12:49:36 Error executing command: fork/exec /bin/x: no such file or directory"),
    ]);
    const words = "Error executing command: fork/exec /bin/x: no such file or directory";
    assert.deepEqual([details.reason, details.message], ["TaskFailed", `Tekton's words: ${words}`]);
    assert.equal(details.evidence?.find(({ source }) => source === "Log")?.fact, words);
    assert.match(details.retryAdvice?.condition ?? "", /image has the command/);
  });

  it("tells that the step's results are too large", () => {
    const words = "Termination message is above max allowed size 4096, caused by large task result.";
    const details = failedWith([aLog(`done\n2026/11/21 12:49:36 ${words}`)]);
    assert.equal(details.message, `Tekton's words: ${words}`);
    assert.match(details.retryAdvice?.condition ?? "", /smaller results/);
  });

  it("ends the summary's words about the task with its last line, unless the message says it", () => {
    const last =
      /Tekton's words; its log ends with: error: the disk is on fire\. Other|Tekton's words; its log ends with: error: the disk is on fire\. The workflow/;
    assert.match(failedWith([aLog("starting\nerror: the disk is on fire.\n")]).naturalLanguageSummary, last);
    assert.doesNotMatch(failedWith([aLog(DENIED)]).naturalLanguageSummary, /its log ends/);
  });

  it("keeps secrets out of the summary", () => {
    assert.doesNotMatch(JSON.stringify(failedWith([aLog("login failed, password=hunter2")])), /hunter2/);
  });
});
