import { bundled } from "../bundles.ts";
import { blamesChange, type FaultCase } from "../fault-case.ts";
import { untilStuck } from "../provoke.ts";
import { QUOTA_MEBIBYTES } from "../surroundings.ts";
import { change, plainStep, step } from "../workflow.ts";

const SOON_OVER = { executionConfig: { timeout: "40s", finallyTimeout: "5s" } } as const;

/** No room, or no right to take it. */
export const resourceCases: readonly FaultCase[] = [
  {
    name: "quota-exceeded",
    when: "a pod would exceed the quota until time is up",
    bundle: bundled(
      change(
        step("change", "echo never", {
          computeResources: { limits: { "ephemeral-storage": `${String(2 * QUOTA_MEBIBYTES)}Mi` } },
        }),
      ),
    ),
    spec: SOON_OVER,
    provoke: untilStuck(/^ExceededResourceQuota: .*exceeded quota/),
    expected: blamesChange("ResourceExhausted", { executed: false, retryable: true, summary: /exceeded quota/ }),
  },
  {
    name: "unschedulable",
    when: "no node has room for a pod until time is up",
    bundle: bundled(change(step("change", "echo never", { computeResources: { requests: { memory: "1000Gi" } } }))),
    spec: SOON_OVER,
    provoke: untilStuck(/^Unschedulable: .*Insufficient memory/),
    expected: blamesChange("ResourceExhausted", {
      executed: false,
      retryable: true,
      summary: /Insufficient memory.*did not change the target/,
    }),
  },
  {
    name: "disk-full",
    when: "a step writes more than its storage limit and is evicted",
    bundle: bundled(
      change(
        step("change", "dd if=/dev/zero of=/tmp/big bs=1048576 count=60\nexec sleep 300", {
          computeResources: { limits: { "ephemeral-storage": "10Mi" }, requests: { "ephemeral-storage": "1Mi" } },
        }),
      ),
    ),
    expected: blamesChange("ResourceExhausted", {
      executed: true,
      retryable: false,
      step: "change",
      // The kubelet kills the step, and doesn't always remember that it did.
      exitCode: 255,
      exitCodeMayBeMissing: true,
      summary: /ephemeral local storage usage exceeds/,
    }),
  },
  {
    name: "pod-security",
    when: "a step asks for more than the namespace allows",
    bundle: bundled(change(plainStep("change", { script: "#!/bin/sh\necho never\n", securityContext: {} }))),
    expected: blamesChange("Forbidden", { executed: false, retryable: false, summary: /violates PodSecurity/ }),
  },
];
