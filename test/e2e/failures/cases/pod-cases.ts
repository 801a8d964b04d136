import { bundled } from "../bundles.ts";
import { blamesChange, SUCCEEDS, type FaultCase } from "../fault-case.ts";
import { deletePod, evictPod } from "../provoke.ts";
import { change, endlessStep, lastingStep, WAITING, waitingStep } from "../workflow.ts";

const INTERRUPTED = { step: "change", exitCode: 255, executed: true, retryable: true } as const;

/** Pods that are taken away while a step runs. */
export const podCases: readonly FaultCase[] = [
  {
    name: "pod-deleted",
    when: "somebody deletes the pod",
    bundle: bundled(change(endlessStep())),
    provoke: deletePod("politely"),
    expected: blamesChange("Interrupted", {
      ...INTERRUPTED,
      summary: /pod .* was (deleted|evicted).* may have been changed/,
    }),
  },
  {
    name: "pod-evicted",
    when: "the pod is evicted, as when a node is drained",
    bundle: bundled(change(endlessStep())),
    provoke: evictPod,
    expected: blamesChange("Interrupted", {
      ...INTERRUPTED,
      summary: /pod .* was (deleted|evicted).* may have been changed/,
    }),
  },
  {
    name: "pod-deleted-in-peace",
    when: "somebody deletes the pod, and the step has time to clean up",
    bundle: bundled(change(waitingStep())),
    provoke: deletePod("politely"),
    expected: blamesChange("Interrupted", {
      ...INTERRUPTED,
      exitCode: 143,
      summary: /pod .* was deleted.* may have been changed/,
      logTail: WAITING,
    }),
  },
  {
    name: "pod-deleted-by-force",
    when: "somebody deletes the pod by force, and Tekton runs the step a second time",
    bundle: bundled(change(lastingStep(12))),
    provoke: deletePod("by force"),
    expected: { ...SUCCEEDS, summary: /twice|again/ },
  },
];
