import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stringify } from "yaml";
import { assertGolden } from "../../test/support/golden-file.ts";
import { liveRun, liveRunNames } from "../../test/support/recorded-live-run.ts";
import { isRecordedRunGone, recordedNames, recordedRun } from "../../test/support/recorded-run.ts";
import { summaryExamples } from "../../test/support/summary-examples.ts";
import type { FailureDetails } from "../api/workflow-execution.ts";
import { diagnose } from "./diagnose.ts";
import type { FailureReason } from "./failure-reason.ts";
import type { FailureRequest } from "./failure-request.ts";
import { runState } from "./run-state.ts";

const request: FailureRequest = {
  workflowId: "restart-deployment",
  version: "1.2",
  targetResource: "payment/Deployment/api",
  decidedAt: "2026-11-21T13:00:00Z",
};

const golden = new URL("../../test/data/tekton-golden/", import.meta.url);

/** Every category but those that the two lists below don't end with would be missed. */
const categories: Readonly<Record<FailureReason, true>> = {
  Cancelled: true,
  OOMKilled: true,
  DeadlineExceeded: true,
  ImagePullBackOff: true,
  ResourceExhausted: true,
  Forbidden: true,
  ConfigurationError: true,
  UnsupportedEngine: true,
  UnsupportedFeature: true,
  UnsupportedCluster: true,
  Interrupted: true,
  ExternallyDeleted: true,
  TaskFailed: true,
  Unknown: true,
};

type Example = readonly [name: string, details: FailureDetails];

function recordedExamples(): readonly Example[] {
  const recorded = recordedNames()
    .filter((name) => !isRecordedRunGone(name))
    .map((name) => [`recorded: ${name}`, recordedRun(name)] as const);
  const watched = liveRunNames().map((name) => [`watched: ${name}`, liveRun(name)] as const);
  return [...recorded, ...watched]
    .filter(([, { run }]) => ["failed", "cancelled"].includes(runState(run).phase))
    .map(([name, evidence]) => [name, diagnose(evidence, request)]);
}

const examples: readonly Example[] = [...summaryExamples(request), ...recordedExamples()];

describe("naturalLanguageSummary", () => {
  it("of every example is as it was read and agreed to", async () => {
    const text = examples.map(([name, details]) => `== ${name}\n${details.naturalLanguageSummary}\n`).join("\n");
    await assertGolden(new URL("summaries.txt", golden), text);
  });

  it("has an example for every category", () => {
    const shown = new Set(examples.map(([, { reason }]) => reason));
    assert.deepEqual([...shown].toSorted(), Object.keys(categories).toSorted());
  });

  for (const [name, { naturalLanguageSummary: summary, wasExecutionFailure }] of examples) {
    it(`of "${name}" is two to five sentences that name workflow, version, target, change and advice`, () => {
      const count = summary.split(/[.!?]["')\]}]*(?=\s|$)/).filter((sentence) => sentence.trim() !== "").length;
      assert.ok(count >= 2 && count <= 5, String(count));
      assert.match(summary, /^Workflow restart-deployment \(version 1\.2\) on payment\/Deployment\/api /);
      assert.match(summary, wasExecutionFailure ? /may have been changed/ : /did not change the target/);
      assert.match(summary, /(?:It may be tried again unchanged|Do not try it again unchanged, only) [^.]*\.$/);
      assert.doesNotMatch(summary, /undefined|NaN|\n|\.\.| {2}/);
    });
  }
});

describe("failureDetails", () => {
  it("are as they were read and agreed to: one of each category", async () => {
    const first = Object.keys(categories).map((reason) => examples.find(([, details]) => details.reason === reason));
    const documents = first.map((example) => (example === undefined ? "" : stringify(example[1], { lineWidth: 0 })));
    await assertGolden(new URL("failure-details.yaml", golden), documents.join("---\n"));
  });
});
