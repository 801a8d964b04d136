import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aRunEvidence } from "../../test/support/a-run-evidence.ts";
import { aPod, aTaskRun, aWaitingContainer } from "../../test/support/a-task-run.ts";
import { classifyTask } from "./classify-task.ts";
import { failedTask } from "./failed-task.ts";

const reason = "CreateContainerConfigError";
const tekton = "Failed to create pod due to config error";
const kubelet = 'secret "gone" not found';

describe("classifyTask: the message", () => {
  it("adds the pod's own words where they say more than Tekton's", () => {
    const containerStatuses = [aWaitingContainer("step-main", reason, kubelet)];
    const pod = aPod("fail", { phase: "Pending", containerStatuses });
    const taskRun = aTaskRun({ reason, message: tekton });
    assert.equal(classifyTask(failedTask(aRunEvidence({ pods: [pod] }), taskRun)).message, `${tekton}: ${kubelet}`);
  });

  it("adds the step's own words where the pod is gone", () => {
    const steps = [{ name: "main", waiting: { reason, message: kubelet } }];
    const taskRun = aTaskRun({ reason, message: tekton, steps });
    assert.equal(classifyTask(failedTask(aRunEvidence(), taskRun)).message, `${tekton}: ${kubelet}`);
  });

  it("doesn't say the same twice", () => {
    const message = `the pod errored with: ${kubelet}`;
    const steps = [{ name: "main", waiting: { reason, message: kubelet } }];
    assert.equal(classifyTask(failedTask(aRunEvidence(), aTaskRun({ reason, message, steps }))).message, message);
  });

  it("keeps the words of what it doesn't know", () => {
    const task = failedTask(aRunEvidence(), aTaskRun({ reason: "SomethingNew", message: "out of luck" }));
    assert.equal(classifyTask(task).message, "out of luck");
  });
});
