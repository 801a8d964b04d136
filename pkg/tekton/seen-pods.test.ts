import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aRunEvidence } from "../../test/support/a-run-evidence.ts";
import { aPod, aTaskRun } from "../../test/support/a-task-run.ts";
import type { Pod } from "../api/core.ts";
import { podsOfAttempt, seenPods } from "./seen-pods.ts";

const labels = { "tekton.dev/taskRun": "run-fail" };

function podNamed(name: string, uid: string, minute = 0): Pod {
  const creationTimestamp = `2026-11-21T12:0${String(minute)}:00Z`;
  return { metadata: { name, uid, creationTimestamp, labels } };
}

describe("seenPods", () => {
  it("are those that exist and those that are gone, the oldest first, each once", () => {
    const evidence = aRunEvidence({
      pods: [podNamed("b", "3", 3), podNamed("a", "2", 2)],
      lostPods: [podNamed("a", "1", 1), podNamed("a", "2", 2)],
    });
    const seen = seenPods(evidence).map(({ pod, isThere }) => `${pod.metadata.uid ?? ""} ${String(isThere)}`);
    assert.deepEqual(seen, ["1 false", "2 true", "3 true"]);
  });
});

describe("podsOfAttempt", () => {
  const evidence = aRunEvidence({
    pods: [podNamed("run-fail-pod-retry1", "new"), podNamed("run-other-pod", "other")],
    lostPods: [podNamed("run-fail-pod", "old")],
  });

  function uidsOf(taskRun: Parameters<typeof podsOfAttempt>[0], status = taskRun.status ?? {}): readonly unknown[] {
    return podsOfAttempt(taskRun, status, evidence).map(({ pod }) => pod.metadata.uid);
  }

  it("goes by the name that Tekton wrote down", () => {
    assert.deepEqual(uidsOf(aTaskRun()), ["old"]);
    assert.deepEqual(uidsOf(aTaskRun(), { podName: "run-fail-pod-retry1" }), ["new"]);
  });

  it("goes by the label before Tekton wrote a name, but doesn't take the pod of an earlier attempt", () => {
    const retried = { ...aTaskRun(), status: { retriesStatus: [{ podName: "run-fail-pod" }] } };
    assert.deepEqual(uidsOf(retried), ["new", "other"]);
  });

  it("finds nothing where no pod was seen", () => {
    const without = aRunEvidence({ pods: [aPod("else", {})] });
    assert.deepEqual(podsOfAttempt({ ...aTaskRun(), status: {} }, {}, without), []);
  });
});
