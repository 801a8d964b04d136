import { bundled } from "../bundles.ts";
import { blamesChange, SUCCEEDS, type FaultCase } from "../fault-case.ts";
import { loseTekton, loseTektonPastDeadline, loseWebhook, regainWebhook, restartApiServer } from "../outages.ts";
import { afterPreparing, change, endlessStep, lastingStep, step, task } from "../workflow.ts";

/** Parts of the cluster that are down for a while: each of these has the cluster to itself. */
export const outageCases: readonly FaultCase[] = [
  {
    name: "tekton-down",
    when: "Tekton's controller is down for a minute while a step runs",
    bundle: bundled({
      tasks: [
        task("change", [lastingStep(5)]),
        task("confirm", [step("confirm", "echo confirmed")], { runAfter: ["change"] }),
      ],
    }),
    provoke: loseTekton,
    expected: SUCCEEDS,
  },
  {
    name: "tekton-down-too-long",
    when: "Tekton's controller is down until after the deadline",
    bundle: bundled(change(endlessStep())),
    spec: { executionConfig: { timeout: "30s", finallyTimeout: "5s" } },
    provoke: loseTektonPastDeadline,
    expected: blamesChange("DeadlineExceeded", {
      step: "change",
      executed: true,
      retryable: true,
      summary: /DeadlineExceeded.* may have been changed/,
    }),
  },
  {
    name: "webhook-down",
    when: "Tekton's webhook is down when the run is made",
    bundle: bundled(change(step("change", "echo changed"))),
    before: loseWebhook,
    provoke: regainWebhook,
    expected: SUCCEEDS,
  },
];

/** The API server takes every watch down with it, the witness's own too: nothing comes after this. */
export const apiServerCase: FaultCase = {
  name: "api-server-restart",
  when: "the API server restarts while a step runs",
  bundle: bundled(afterPreparing(task("change", [lastingStep(10)]))),
  provoke: restartApiServer,
  expected: SUCCEEDS,
};
