import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { oddValue, recordedEvidence, somewhere, spoil } from "../../test/support/odd-evidence.ts";
import { generatedEvidence, realWord } from "../../test/support/generated-evidence.ts";
import { bears } from "../../test/support/structured-evidence.ts";
import type { FailureDetails } from "../api/workflow-execution.ts";
import { diagnose } from "./diagnose.ts";
import type { FailureRequest } from "./failure-request.ts";
import type { RunEvidence } from "./run-evidence.ts";

/** Together 100 000. */
const MUTATED = 60_000;
const GENERATED = 40_000;

const request: FailureRequest = {
  workflowId: "w",
  version: "1",
  targetResource: "ns/Deployment/x",
  decidedAt: "2026-11-21T13:00:00Z",
};

type TextField = "message" | "naturalLanguageSummary" | "logTail" | "failedTaskName" | "failedStepName";

const LIMITS: readonly (readonly [of: TextField, bytes: number])[] = [
  ["message", 4096],
  ["naturalLanguageSummary", 4096],
  ["logTail", 4096],
  ["failedTaskName", 253],
  ["failedStepName", 253],
];

function assertBounded(details: FailureDetails): void {
  for (const [field, bytes] of LIMITS) assert.ok(Buffer.byteLength(details[field] ?? "") <= bytes, field);
  assert.ok((details.evidence?.length ?? 0) <= 10);
  assert.ok((details.attempts?.length ?? 0) <= 32);
  for (const { fact, name } of details.evidence ?? []) assert.ok(Buffer.byteLength(fact + name) <= 1024 + 253);
  assert.ok(Buffer.byteLength(JSON.stringify(details)) <= 128 * 1024);
}

function assertWellFormed(details: FailureDetails): void {
  assert.match(details.failedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.match(details.executionTimeBeforeFailure, /^(?:\d+h)?(?:\d+m)?[\d.]+(?:ms|s)$/);
  assert.ok(details.exitCode === undefined || Number.isInteger(details.exitCode));
  assert.ok(Number.isInteger(details.failedTaskIndex) && details.failedTaskIndex >= -1);
  assert.equal(typeof details.wasExecutionFailure, "boolean");
  assert.doesNotMatch(JSON.stringify(details), /hunter2/);
}

function assertTwoToFiveSentences({ naturalLanguageSummary: summary }: FailureDetails): void {
  const count = summary.split(/[.!?]["')\]}]*(?=\s|$)/).filter((sentence) => sentence.trim() !== "").length;
  assert.ok(count >= 2 && count <= 5, summary);
  assert.doesNotMatch(summary, /undefined|\n/);
}

/** Certain only where a field says so (test/support/structured-evidence.ts); unknown exactly where nothing matched. */
function assertHonest(evidence: RunEvidence, { reason, confidence }: FailureDetails): void {
  assert.equal(confidence === "unknown", reason === "Unknown");
  if (confidence === "certain") assert.ok(bears(evidence, reason), `certain of ${reason} without a field that says so`);
}

function assertSound(evidence: RunEvidence): void {
  const details = diagnose(evidence, request);
  assertBounded(details);
  assertWellFormed(details);
  assertTwoToFiveSentences(details);
  assertHonest(evidence, details);
}

/** The same without any field that Tekton and Kubernetes decide by: only texts are left. */
function textsOnly(evidence: RunEvidence): RunEvidence {
  const decides = new Set([
    "reason",
    "terminationReason",
    "exitCode",
    "statusMessage",
    "deletionTimestamp",
    "annotations",
  ]);
  const text = JSON.stringify(evidence, (key, value: unknown) => (decides.has(key) ? undefined : value));
  return JSON.parse(text) as RunEvidence;
}

describe("diagnose: whatever the statuses hold", () => {
  it("is sound about recorded runs in which fields were dropped, replaced and retyped", () => {
    const thing = fc.oneof({ weight: 3, arbitrary: realWord }, { weight: 1, arbitrary: oddValue });
    const changes = fc.array(fc.tuple(somewhere, thing), { minLength: 1, maxLength: 5 });
    const property = fc.property(fc.constantFrom(...recordedEvidence), changes, (evidence, list) => {
      assertSound(list.reduce((rest, [path, value]) => spoil(rest, path, value), evidence));
    });
    fc.assert(property, { numRuns: MUTATED });
  });

  it("is sound about runs that were made up of all that Tekton and Kubernetes can say", () => {
    fc.assert(fc.property(generatedEvidence, assertSound), { numRuns: GENERATED });
  });

  it("is never certain by texts alone", () => {
    const property = fc.property(generatedEvidence, (evidence) => {
      assert.notEqual(diagnose(textsOnly(evidence), request).confidence, "certain");
    });
    fc.assert(property, { numRuns: 3000 });
  });
});
