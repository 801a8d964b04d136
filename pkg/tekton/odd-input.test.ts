import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { aPodEvent } from "../../test/support/a-run-evidence.ts";
import { oddValue, recordedEvidence, somewhere, spoil } from "../../test/support/odd-evidence.ts";
import { recordedRun } from "../../test/support/recorded-run.ts";
import { aliveChildren, strandedPods } from "./alive.ts";
import { diagnose } from "./diagnose.ts";
import { executedPods } from "./executed-pods.ts";
import type { FailureRequest } from "./failure-request.ts";
import { isStepRunning, lastProgress } from "./last-progress.ts";
import { logToRead } from "./log-to-read.ts";
import { progressOf } from "./progress.ts";
import { repeatedSteps } from "./repeated-steps.ts";
import type { RunEvidence } from "./run-evidence.ts";
import { stuck } from "./stuck.ts";

const request: FailureRequest = {
  workflowId: "w",
  version: "1",
  targetResource: "ns/Deployment/x",
  decidedAt: "2026-11-21T13:00:00Z",
};

function assertUsable(evidence: RunEvidence): void {
  const details = diagnose(evidence, request);
  assert.match(details.failedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.ok(details.exitCode === undefined || Number.isInteger(details.exitCode));
  assert.ok(Buffer.byteLength(details.message) <= 4096);
  assert.ok(Buffer.byteLength(details.naturalLanguageSummary) <= 4096);
  assert.ok((details.evidence?.length ?? 0) <= 10);
  assert.ok(Buffer.byteLength(JSON.stringify(details)) <= 64 * 1024);
  for (const fact of details.evidence ?? []) assert.equal(typeof fact.fact, "string");
  assert.ok(Number.isInteger(progressOf(evidence).progressPercent));
}

describe("odd statuses", () => {
  it("never stop us", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...recordedEvidence),
        fc.array(fc.tuple(somewhere, oddValue), { minLength: 1, maxLength: 4 }),
        (evidence, spots) => {
          const spoiled = spots.reduce((rest, [path, thing]) => spoil(rest, path, thing), evidence);
          assertUsable(spoiled);
          stuck(spoiled);
          logToRead(spoiled);
          repeatedSteps(spoiled);
          executedPods(spoiled);
          isStepRunning(spoiled);
          assert.ok(Number.isFinite(lastProgress(spoiled) ?? 0));
          strandedPods(spoiled.run, spoiled.pods);
          aliveChildren({ runs: [spoiled.run], taskRuns: spoiled.taskRuns, customRuns: [], pods: spoiled.pods });
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("never stop us where there is hardly anything", () => {
    const { run } = recordedRun("exit-one");
    assertUsable({
      run: { metadata: run.metadata, spec: {} },
      taskRuns: [{ metadata: { name: "t" } }],
      pods: [{ metadata: { name: "p" } }],
    });
  });

  it("are bounded: a thousand failed tasks with long words", () => {
    const { run, taskRuns, pods } = recordedRun("exit-three-retried");
    const long = "x".repeat(100_000);
    const conditions = [{ type: "Succeeded", status: "False", reason: "StepFailed", message: long }] as const;
    const many = Array.from({ length: 1000 }, () =>
      taskRuns.map((one) => ({ ...one, status: { ...one.status, conditions } })),
    ).flat();
    const lostPods = Array.from({ length: 100 }, (_, index) => ({
      metadata: { name: "run-fail-pod", uid: String(index) },
    }));
    const events = Array.from({ length: 100 }, () => aPodEvent("FailedMount", long));
    const logs = [{ podUid: "u", podName: "run-fail-pod", container: "step-first", text: long }];
    assertUsable({ run, taskRuns: many, pods, live: { lostPods, events, logs } });
  });
});
