import { DIGEST, IMAGE } from "./objects.ts";

/** Specs that differ from a valid one by this merge patch and are valid too. */
export const acceptedSpecs: Readonly<Record<string, unknown>> = {
  "has only what is required": {},
  "names a bundle by digest": { workflowRef: { containerImage: `${IMAGE}@${DIGEST}` } },
  "names a bundle by tag and digest": { workflowRef: { containerImage: `${IMAGE}:1.0.0@${DIGEST}` } },
  "names a bundle's digest beside its tag": { workflowRef: { containerDigest: DIGEST } },
  "names the same digest twice": { workflowRef: { containerImage: `${IMAGE}@${DIGEST}`, containerDigest: DIGEST } },
  "names its bundle as newer orchestrators do": {
    workflowRef: { containerImage: null, executionBundle: `${IMAGE}:1.0.0`, executionBundleDigest: DIGEST },
  },
  "names a bundle in a registry with a port": { workflowRef: { containerImage: "localhost:5000/a/b_c/d--e:v1" } },
  "names a bundle in a registry with an IPv6 address": { workflowRef: { containerImage: "[::1]:5000/a:v1" } },
  "names a bundle without a registry": { workflowRef: { containerImage: "restart-deployment:v1" } },
  "asks for an engine that doesn't exist, which the controller refuses with a reason": {
    workflowRef: { executionEngine: "ansible" },
  },
  "names the same service account twice": {
    workflowRef: { serviceAccountName: "runner" },
    executionConfig: { serviceAccountName: "runner" },
  },
  "declares no parameter": { workflowRef: { declaredParameterNames: {} }, parameters: { A: "" } },
  "has an engine configuration of any form": { workflowRef: { engineConfig: { a: [1, { b: "c" }], d: 1.5 } } },
  "has quantities as numbers and strings": { workflowRef: { resources: { limits: { cpu: 2, memory: "1Gi" } } } },
  "has a cluster-scoped target": { targetResource: "node/worker-1" },
  "has a target whose kind carries its group": { targetResource: "payment/deployments.apps/api" },
  "has a target whose kind is written in CamelCase": { targetResource: "payment/StatefulSet/api" },
  "has a target with the longest names": {
    targetResource: `${"n".repeat(63)}/${"k".repeat(63)}.${"g".repeat(253)}/${"x".repeat(253)}`,
  },
  "has a target with a colon in its name": { targetResource: "clusterrole/system:node" },
  "has 64 parameters": {
    parameters: Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`A${String(index)}`, "x".repeat(1024)])),
  },
  "has the longest value and the longest name": { parameters: { ["A".repeat(128)]: "x".repeat(8192) } },
  "has a value with dollars, line breaks and quotes": { parameters: { A: "$5 $A ${B}\n'\"\\ ü" } },
  "names its target again, which the controller compares": { parameters: { TARGET_RESOURCE_NAME: "api" } },
  "has an empty map of parameters": { parameters: {} },
  "times out after a day": { executionConfig: { timeout: "24h", finallyTimeout: "1h30m0.5s" } },
  "has a timeout in milliseconds": { executionConfig: { timeout: "86400000ms" } },
  "keeps time for finally of the default timeout": { executionConfig: { finallyTimeout: "1h" } },
  "waits for a busy target, not for a cooldown": { onBusy: "Wait", onCooldown: "Skip" },
  "has a deadline": { timesOutAt: "2030-01-02T03:04:05.678Z" },
};
