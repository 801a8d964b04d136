import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aRunEvidence, type EvidenceWishes } from "../../test/support/a-run-evidence.ts";
import { aPod, aTaskRun } from "../../test/support/a-task-run.ts";
import { isRecordedRunGone, recordedNames, recordedRun } from "../../test/support/recorded-run.ts";
import type { ContainerState } from "../api/core.ts";
import type { PipelineRun } from "../api/tekton.ts";
import { isStepRunning, lastProgress } from "./last-progress.ts";

const EARLY = "2026-11-21T12:00:00Z";
const LATE = "2026-11-21T12:34:56Z";

function aRunAt(status: PipelineRun["status"] = {}): PipelineRun {
  return { metadata: { name: "run", creationTimestamp: EARLY }, spec: {}, status };
}

function podWith(name: string, state: ContainerState): EvidenceWishes {
  return { pods: [aPod("a", { containerStatuses: [{ name, state }] }, { creationTimestamp: EARLY })] };
}

const moves: Readonly<Record<string, EvidenceWishes>> = {
  "the run was made": { run: { metadata: { name: "run", creationTimestamp: LATE }, spec: {} } },
  "the run started": { run: aRunAt({ startTime: LATE }) },
  "its condition changed": {
    run: aRunAt({ conditions: [{ type: "Succeeded", status: "Unknown", lastTransitionTime: LATE }] }),
  },
  "finally began": { run: aRunAt({ finallyStartTime: LATE }) },
  "a task ended": {
    run: aRunAt(),
    taskRuns: [aTaskRun({ reason: "Succeeded", status: "True", completionTime: LATE })],
  },
  "a pod was made": { run: aRunAt(), pods: [aPod("a", {}, { creationTimestamp: LATE })] },
  "a step started": { run: aRunAt(), ...podWith("step-a", { running: { startedAt: LATE } }) },
  "a step ended": { run: aRunAt(), ...podWith("step-a", { terminated: { exitCode: 0, finishedAt: LATE } }) },
  "a sidecar started": { run: aRunAt(), ...podWith("sidecar-a", { running: { startedAt: LATE } }) },
  "a pod that is gone was made": { run: aRunAt(), lostPods: [aPod("a", {}, { creationTimestamp: LATE })] },
};

describe("lastProgress: the latest is that", () => {
  for (const [sentence, wishes] of Object.entries(moves)) {
    it(sentence, () => {
      assert.equal(lastProgress(aRunEvidence(wishes)), Date.parse(LATE));
    });
  }

  it("is unknown where nothing says a time", () => {
    assert.equal(lastProgress(aRunEvidence({ run: { metadata: { name: "run" }, spec: {} } })), undefined);
  });

  it("is known of every recorded run", () => {
    for (const name of recordedNames().filter((one) => !isRecordedRunGone(one))) {
      assert.ok((lastProgress(recordedRun(name)) ?? 0) > Date.parse("2026-11-21T12:40:00Z"), name);
    }
  });
});

const running = { running: { startedAt: EARLY } };
const states: readonly (readonly [sentence: string, wishes: EvidenceWishes, is: boolean])[] = [
  ["its container runs", podWith("step-a", running), true],
  ["only a sidecar runs", podWith("sidecar-a", running), false],
  ["its container waits", podWith("step-a", { waiting: { reason: "ImagePullBackOff" } }), false],
  ["its container has ended", podWith("step-a", { terminated: { exitCode: 0 } }), false],
  [
    "its pod is being deleted, however long that takes",
    { pods: [aPod("a", { containerStatuses: [{ name: "step-a", state: running }] }, { deletionTimestamp: EARLY })] },
    false,
  ],
  [
    "Tekton says so, but its pod is being deleted",
    {
      taskRuns: [aTaskRun({ steps: [{ name: "a", ...running }] })],
      pods: [aPod("a", { containerStatuses: [{ name: "step-a", state: running }] }, { deletionTimestamp: EARLY })],
    },
    false,
  ],
  [
    "Tekton says so and its pod wasn't seen yet",
    { taskRuns: [aTaskRun({ steps: [{ name: "a", ...running }] })] },
    true,
  ],
  [
    "Tekton said so before the task ended",
    { taskRuns: [aTaskRun({ reason: "StepFailed", steps: [{ name: "a", ...running }] })] },
    false,
  ],
  ["there is nothing yet", {}, false],
];

describe("isStepRunning", () => {
  for (const [sentence, wishes, is] of states) {
    it(`${is ? "yes" : "no"}: ${sentence}`, () => {
      assert.equal(isStepRunning(aRunEvidence(wishes)), is);
    });
  }
});
