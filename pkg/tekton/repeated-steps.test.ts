import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aRun, aRunEvidence } from "../../test/support/a-run-evidence.ts";
import { anEndedStep, aPod, aTaskRun } from "../../test/support/a-task-run.ts";
import type { Pod } from "../api/core.ts";
import { diagnose } from "./diagnose.ts";
import { repeatedSteps } from "./repeated-steps.ts";

const ran = { containerStatuses: [{ name: "step-main", state: { running: { startedAt: "2026-11-21T12:00:05Z" } } }] };
const waited = { containerStatuses: [{ name: "step-main", state: { waiting: { reason: "PodInitializing" } } }] };

function podOf(task: string, uid: string, minute: number, status: Pod["status"] = ran): Pod {
  return aPod(task, status, { uid, creationTimestamp: `2026-11-21T12:0${String(minute)}:00Z` });
}

describe("repeatedSteps", () => {
  it("says which pod was made again, the first one first", () => {
    const evidence = aRunEvidence({ pods: [podOf("a", "second", 2)], lostPods: [podOf("a", "first", 1)] });
    assert.equal(
      repeatedSteps(evidence),
      "pod run-a-pod was deleted and made again (first, then second), so its steps may have run twice",
    );
  });

  it("knows it of pods that are all gone", () => {
    const lostPods = [podOf("a", "second", 2), podOf("a", "first", 1)];
    assert.match(repeatedSteps(aRunEvidence({ lostPods })) ?? "", /\(first, then second\)/);
  });

  const silent: Readonly<Record<string, readonly [pods: readonly Pod[], lostPods: readonly Pod[]]>> = {
    "where nothing was made again": [[podOf("a", "one", 1), podOf("b", "two", 2)], [podOf("c", "three", 1)]],
    "where no step had started in the first pod": [[podOf("a", "second", 2)], [podOf("a", "first", 1, waited)]],
    "where the same pod is known twice": [[podOf("a", "one", 1)], [podOf("a", "one", 1)]],
    "where nothing is known": [[], []],
  };
  for (const [sentence, [pods, lostPods]] of Object.entries(silent)) {
    it(`says nothing ${sentence}`, () => {
      assert.equal(repeatedSteps(aRunEvidence({ pods, lostPods })), undefined);
    });
  }

  it("is bounded", () => {
    const many = Array.from({ length: 20 }, (_, index) => `task-${String(index)}`);
    const evidence = aRunEvidence({
      pods: many.map((task) => podOf(task, `${task}-second`, 2)),
      lostPods: many.map((task) => podOf(task, `${task}-first`, 1)),
    });
    const said = repeatedSteps(evidence) ?? "";
    assert.match(said, /; 17 more pods likewise$/);
    assert.ok(Buffer.byteLength(said) <= 1024);
  });
});

describe("diagnose: a pod that was made again and then failed", () => {
  const taskRuns = [aTaskRun({ reason: "StepFailed", message: "no", steps: [anEndedStep("main", 3)] })];
  const evidence = aRunEvidence({
    run: aRun("Failed"),
    taskRuns,
    pods: [podOf("fail", "second", 2)],
    lostPods: [podOf("fail", "first", 1)],
  });
  const details = diagnose(evidence, { workflowId: "w", version: "1", targetResource: "a/b/c", decidedAt: "" });

  it("lists both as attempts", () => {
    const attempts = details.attempts?.map(({ reason, podUID, exitCode }) => [reason, podUID, exitCode]);
    assert.deepEqual(attempts, [
      ["Interrupted", "first", undefined],
      ["TaskFailed", "second", 3],
    ]);
    assert.equal(details.attempts?.[0]?.startTime, "2026-11-21T12:00:05Z");
  });

  it("says so in the summary and in the evidence", () => {
    assert.match(details.naturalLanguageSummary, /may have been changed; pod run-fail-pod was deleted and made again/);
    assert.ok(details.evidence?.some(({ source, fact }) => source === "Pod" && fact.includes("uid first")));
  });
});
