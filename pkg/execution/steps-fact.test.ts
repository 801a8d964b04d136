import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { aRunEvidence } from "../../test/support/a-run-evidence.ts";
import { anEndedStep, aTaskRun } from "../../test/support/a-task-run.ts";
import { generatedEvidence } from "../../test/support/generated-evidence.ts";
import { cleanText } from "../tekton/clean-text.ts";
import { executedPods, type ExecutedPod } from "../tekton/executed-pods.ts";
import { stepsFact } from "./steps-fact.ts";

const DIGEST = `sha256:${"c".repeat(64)}`;

interface Fact {
  readonly pods: readonly ExecutedPod[];
  readonly leftOut?: number;
}

function read(text: string | undefined): Fact {
  return JSON.parse(text ?? "") as Fact;
}

/** Pods of one task each with names of usual length, each with so many steps. */
function podsOf(count: number, steps: number): readonly ExecutedPod[] {
  return Array.from({ length: count }, (_, index) => ({
    task: `task-${String(index)}`,
    pod: `restart-checkout-0123456789abcdef-task-${String(index)}-pod`,
    podUid: `54be4662-5e7d-454a-b6e5-${String(index).padStart(12, "0")}`,
    steps: Array.from({ length: steps }, (_step, at) => ({
      step: `step-${String(at)}`,
      image: `registry.example/workflows/tools/kubectl@${DIGEST}`,
    })),
  }));
}

function stepsIn({ pods }: Fact): number {
  return pods.reduce((sum, { steps }) => sum + steps.length, 0);
}

describe("the fact of the steps that ran", () => {
  it("is absent where nothing ran", () => {
    assert.equal(stepsFact([]), undefined);
    assert.equal(stepsFact([{ task: "a", pod: "b", steps: [] }]), undefined);
  });

  it("has every pod with every step where there is room", () => {
    const pods = podsOf(5, 2);
    assert.deepEqual(read(stepsFact(pods)), { pods });
  });

  it("leaves out whole steps, those that came last, and says how many", () => {
    const pods = podsOf(20, 3);
    const text = stepsFact(pods) ?? "";
    const fact = read(text);
    assert.ok(text.length <= 4096, String(text.length));
    assert.ok(text.length > 3800, "there was room for more");
    assert.equal(stepsIn(fact) + (fact.leftOut ?? 0), 60);
    assert.deepEqual(fact.pods.slice(0, -1), pods.slice(0, fact.pods.length - 1));
  });

  it("has room for 14 tasks of one step", () => {
    assert.equal(read(stepsFact(podsOf(14, 1))).leftOut, undefined);
  });

  it("counts even where nothing fits", () => {
    assert.deepEqual(read(stepsFact([{ task: "x".repeat(5000), pod: "b", steps: [{ step: "a" }] }])), {
      pods: [],
      leftOut: 1,
    });
  });

  it("can be read after it was cleaned for the outbox, whatever names stand in a status", () => {
    const odd = fc.constantFrom("token", "password", "api-key:1", 'secret="x', "-----BEGIN KEY-----", "ä🙂".repeat(99));
    const name = fc.oneof(fc.string(), odd);
    const step = fc.record({ name, imageID: name });
    const task = fc.record({ task: name, steps: fc.array(step, { minLength: 1 }) });
    fc.assert(
      fc.property(fc.array(task, { minLength: 1 }), (tasks) => {
        const taskRuns = tasks.map((one) =>
          aTaskRun({ ...one, steps: one.steps.map((told) => ({ ...anEndedStep("a", 0), ...told })) }),
        );
        const pods = executedPods(aRunEvidence({ taskRuns }));
        const fact = read(cleanText(stepsFact(pods) ?? ""));
        assert.equal(stepsIn(fact) + (fact.leftOut ?? 0), stepsIn({ pods }));
      }),
    );
  });

  it("can be read whatever Tekton and the kubelet say", () => {
    fc.assert(
      fc.property(generatedEvidence, (one) => {
        const text = stepsFact(executedPods(one));
        if (text !== undefined) assert.ok(read(cleanText(text)).pods.length > 0);
      }),
    );
  });
});
