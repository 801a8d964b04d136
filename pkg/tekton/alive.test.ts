import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPod, aTaskRun, aWaitingContainer } from "../../test/support/a-task-run.ts";
import { recordedRun } from "../../test/support/recorded-run.ts";
import type { Pod } from "../api/core.ts";
import { PIPELINE_RUN_PENDING, type CustomRun, type PipelineRun } from "../api/tekton.ts";
import { aliveChildren, strandedPods } from "./alive.ts";

const nothing = { runs: [], taskRuns: [], customRuns: [], pods: [] };
const done = { conditions: [{ type: "Succeeded", status: "False", reason: "Failed" }] } as const;
const deleting = { deletionTimestamp: "2026-11-21T12:00:00Z" };

function aRun(more: Partial<PipelineRun> = {}): PipelineRun {
  return { metadata: { name: "run", namespace: "ns", uid: "u" }, spec: {}, ...more };
}

function aCustomRun(more: Partial<CustomRun> = {}): CustomRun {
  return { metadata: { name: "custom" }, ...more };
}

describe("aliveChildren: PipelineRuns, TaskRuns and CustomRuns", () => {
  it("finds nothing where nothing is", () => {
    assert.deepEqual(aliveChildren(nothing), []);
  });

  it("names what is alive so exactly that it can be deleted", () => {
    assert.deepEqual(aliveChildren({ ...nothing, runs: [aRun()] }), [
      { kind: "PipelineRun", namespace: "ns", name: "run", uid: "u", why: "running" },
    ]);
  });

  it("counts a run that was never started, and says so", () => {
    const runs = [aRun({ spec: { status: PIPELINE_RUN_PENDING } })];
    assert.deepEqual(
      aliveChildren({ ...nothing, runs }).map(({ why }) => why),
      ["pending"],
    );
  });

  it("counts those that aren't done, and only those", () => {
    const kinds = aliveChildren({
      runs: [aRun(), aRun({ status: done })],
      taskRuns: [aTaskRun(), aTaskRun({ reason: "StepFailed" })],
      customRuns: [aCustomRun(), aCustomRun({ status: done })],
      pods: [],
    }).map(({ kind }) => kind);
    assert.deepEqual(kinds, ["PipelineRun", "TaskRun", "CustomRun"]);
  });

  it("counts a TaskRun whose run is already cancelled", () => {
    const { run, taskRuns } = recordedRun("cancelled");
    const unfinished = taskRuns.map((taskRun) => ({ ...taskRun, status: {} }));
    assert.equal(aliveChildren({ ...nothing, runs: [run], taskRuns: unfinished }).length, 1);
  });
});

describe("aliveChildren: pods", () => {
  const cases: readonly (readonly [sentence: string, pod: Pod, why: string | undefined])[] = [
    ["one that waits for a node", aPod("a", { phase: "Pending" }), "waiting"],
    ["one that nobody has looked at yet", aPod("a", undefined), "waiting"],
    ["one that runs", aPod("a", { phase: "Running" }), "running"],
    ["one whose node doesn't answer", aPod("a", { phase: "Unknown" }), "running"],
    ["one that runs and is being deleted", aPod("a", { phase: "Running" }, deleting), "terminating"],
    ["one that never ran and is being deleted", aPod("a", { phase: "Pending" }, deleting), "terminating"],
    ["one that succeeded", aPod("a", { phase: "Succeeded" }), undefined],
    ["one that failed and is being deleted", aPod("a", { phase: "Failed" }, deleting), undefined],
  ];
  for (const [sentence, pod, why] of cases) {
    it(`${sentence}: ${why ?? "not alive"}`, () => {
      assert.deepEqual(
        aliveChildren({ ...nothing, pods: [pod] }).map((child) => child.why),
        why === undefined ? [] : [why],
      );
    });
  }
});

describe("strandedPods: pods of a done run that must be deleted", () => {
  const running = { running: { startedAt: "2026-11-21T12:00:00Z" } };
  const ended = { terminated: { exitCode: 0 } };
  const config = aWaitingContainer("step-main", "CreateContainerConfigError", 'secret "gone" not found');

  const cases: readonly (readonly [sentence: string, pod: Pod, stranded: boolean])[] = [
    [
      "one that would start when its Secret appears",
      aPod("a", { phase: "Pending", containerStatuses: [config] }),
      true,
    ],
    ["one that waits for a node", aPod("a", { phase: "Pending" }), true],
    ["one that is being deleted already", aPod("a", { phase: "Pending" }, deleting), false],
    [
      "one whose later step waits for its turn after an OOM",
      aPod("a", {
        phase: "Running",
        containerStatuses: [
          { name: "step-one", state: { terminated: { exitCode: 137, reason: "OOMKilled" } } },
          { name: "step-two", state: running },
        ],
      }),
      true,
    ],
    [
      "one whose steps have all ended",
      aPod("a", { phase: "Running", containerStatuses: [{ name: "step-one", state: ended }] }),
      false,
    ],
    [
      "one in which only a sidecar still runs: Tekton stops it",
      aPod("a", {
        phase: "Running",
        containerStatuses: [
          { name: "step-one", state: ended },
          { name: "sidecar-db", state: running },
        ],
      }),
      false,
    ],
    ["one that has ended", aPod("a", { phase: "Failed" }), false],
  ];
  for (const [sentence, pod, stranded] of cases) {
    it(`${sentence}: ${stranded ? "yes" : "no"}`, () => {
      assert.deepEqual(strandedPods(aRun({ status: done }), [pod]), stranded ? [pod] : []);
    });
  }

  it("are none while the run isn't done", () => {
    assert.deepEqual(strandedPods(aRun(), [aPod("a", { phase: "Pending" })]), []);
  });
});
