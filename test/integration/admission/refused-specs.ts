import { DIGEST, IMAGE, OTHER_DIGEST } from "./objects.ts";

/** A spec that differs from a valid one by this merge patch, and all that the API server must say about it. */
export interface RefusedSpec {
  readonly change: unknown;
  readonly refusals: readonly string[];
}

const oneLine = "must not contain control characters";
const grammar =
  "must be an OCI reference: name:tag, name@sha256:<64 hex> or name:tag@sha256:<64 hex>, where name is [registry[:port]/]repository in lower case";
const duration = "must be a Go duration in h, m, s and ms such as 30m or 1h30m, more than 0 and at most 24h";
const target =
  "must be namespace/kind/name, or kind/name for a cluster-scoped object; kind may carry its group, as in payment/deployments.apps/api";
const dnsLabel = "must be a DNS label: lower case letters, digits and '-', starting and ending with a letter or digit";
const dnsSubdomain = "must be a DNS subdomain: lower case letters, digits, '-' and '.'";
const expansion =
  "must not contain '$(' or '$$': Tekton and Kubernetes would expand them, so the workflow would see another value";

export const refusedSpecs: Readonly<Record<string, RefusedSpec>> = {
  "names no remediation request": {
    change: { remediationRequestRef: null },
    refusals: ["spec.remediationRequestRef: Required value"],
  },
  "names a remediation request without a name": {
    change: { remediationRequestRef: { name: "" } },
    refusals: [
      'spec.remediationRequestRef.name: Invalid value: "": spec.remediationRequestRef.name in body should be at least 1 chars long',
    ],
  },
  "has line breaks where one line is expected": {
    change: {
      remediationRequestRef: { apiVersion: "\n", kind: "\n", name: "a\nb", namespace: "\n", uid: "\n" },
      workflowRef: { workflowId: "\n", version: "\n", executionEngine: "\n", workflowName: "\n", actionType: "\n" },
      clusterID: "\n",
      requiredFeatures: ["\n"],
    },
    refusals: [
      `spec.clusterID: Invalid value: "\\n": ${oneLine}`,
      `spec.remediationRequestRef.apiVersion: Invalid value: "\\n": ${oneLine}`,
      `spec.remediationRequestRef.kind: Invalid value: "\\n": ${oneLine}`,
      `spec.remediationRequestRef.name: Invalid value: "a\\nb": ${oneLine}`,
      `spec.remediationRequestRef.namespace: Invalid value: "\\n": ${oneLine}`,
      `spec.remediationRequestRef.uid: Invalid value: "\\n": ${oneLine}`,
      `spec.requiredFeatures[0]: Invalid value: "\\n": ${oneLine}`,
      `spec.workflowRef.actionType: Invalid value: "\\n": ${oneLine}`,
      `spec.workflowRef.executionEngine: Invalid value: "\\n": ${oneLine}`,
      `spec.workflowRef.version: Invalid value: "\\n": ${oneLine}`,
      `spec.workflowRef.workflowId: Invalid value: "\\n": ${oneLine}`,
      `spec.workflowRef.workflowName: Invalid value: "\\n": ${oneLine}`,
    ],
  },
  "names no workflow": {
    change: { workflowRef: { workflowId: "" } },
    refusals: [
      'spec.workflowRef.workflowId: Invalid value: "": spec.workflowRef.workflowId in body should be at least 1 chars long',
    ],
  },
  "names no bundle": {
    change: { workflowRef: { containerImage: null } },
    refusals: ["spec.workflowRef: Invalid value: exactly one of containerImage and executionBundle must be set"],
  },
  "names two bundles": {
    change: { workflowRef: { executionBundle: `${IMAGE}:2` } },
    refusals: ["spec.workflowRef: Invalid value: exactly one of containerImage and executionBundle must be set"],
  },
  "names a bundle without tag and digest": {
    change: { workflowRef: { containerImage: IMAGE } },
    refusals: [
      'spec.workflowRef.containerImage: Invalid value: "registry.example.com/workflows/restart-deployment": must end with a tag or a digest, there is no default tag',
    ],
  },
  "takes the port of a registry for a tag": {
    change: { workflowRef: { containerImage: "registry.example.com:5000/workflows/a" } },
    refusals: [
      'spec.workflowRef.containerImage: Invalid value: "registry.example.com:5000/workflows/a": must end with a tag or a digest, there is no default tag',
    ],
  },
  "names a bundle in upper case": {
    change: { workflowRef: { containerImage: "registry.example.com/A:1" } },
    refusals: [`spec.workflowRef.containerImage: Invalid value: "registry.example.com/A:1": ${grammar}`],
  },
  "names a bundle by another kind of digest": {
    change: { workflowRef: { executionBundle: `${IMAGE}@sha512:${"a".repeat(64)}`, containerImage: null } },
    refusals: [
      `spec.workflowRef.executionBundle: Invalid value: "registry.example.com/workflows/restart-deployment@sha512:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": ${grammar}`,
    ],
  },
  "names a bundle without tag and digest, as newer orchestrators do": {
    change: { workflowRef: { executionBundle: "a", executionBundleDigest: "sha256:abc", containerImage: null } },
    refusals: [
      'spec.workflowRef.executionBundle: Invalid value: "a": must end with a tag or a digest, there is no default tag',
      'spec.workflowRef.executionBundleDigest: Invalid value: "sha256:abc": must be sha256: and 64 hexadecimal digits in lower case',
    ],
  },
  "has a digest that is too short": {
    change: { workflowRef: { containerDigest: "sha256:abc" } },
    refusals: [
      'spec.workflowRef.containerDigest: Invalid value: "sha256:abc": must be sha256: and 64 hexadecimal digits in lower case',
    ],
  },
  "has two digests that differ": {
    change: { workflowRef: { containerImage: `${IMAGE}:1@${DIGEST}`, containerDigest: OTHER_DIGEST } },
    refusals: [
      "spec.workflowRef.containerDigest: Invalid value: containerDigest needs a containerImage and must agree with the digest in it",
    ],
  },
  "has a digest for the bundle that it doesn't name": {
    change: { workflowRef: { executionBundleDigest: DIGEST } },
    refusals: [
      "spec.workflowRef.executionBundleDigest: Invalid value: executionBundleDigest needs an executionBundle and must agree with the digest in it",
    ],
  },
  "names a service account that can't exist": {
    change: { executionConfig: { serviceAccountName: "A_" }, workflowRef: { serviceAccountName: "A_" } },
    refusals: [
      `spec.executionConfig.serviceAccountName: Invalid value: "A_": ${dnsLabel}`,
      `spec.workflowRef.serviceAccountName: Invalid value: "A_": ${dnsLabel}`,
    ],
  },
  "names two service accounts": {
    change: { workflowRef: { serviceAccountName: "one" }, executionConfig: { serviceAccountName: "two" } },
    refusals: [
      "spec.executionConfig.serviceAccountName: Invalid value: executionConfig.serviceAccountName and workflowRef.serviceAccountName mean the same: set one of them, or both to the same name",
    ],
  },
  "needs the same secret and the same config map twice": {
    change: {
      workflowRef: {
        dependencies: { secrets: [{ name: "a" }, { name: "a" }], configMaps: [{ name: "b" }, { name: "b" }] },
      },
    },
    refusals: [
      "spec.workflowRef.dependencies.configMaps: Invalid value: names must be unique",
      "spec.workflowRef.dependencies.secrets: Invalid value: names must be unique",
    ],
  },
  "needs a secret and a config map that can't exist": {
    change: { workflowRef: { dependencies: { secrets: [{ name: "a/b" }], configMaps: [{ name: "A" }] } } },
    refusals: [
      `spec.workflowRef.dependencies.configMaps[0].name: Invalid value: "A": ${dnsSubdomain}`,
      `spec.workflowRef.dependencies.secrets[0].name: Invalid value: "a/b": ${dnsSubdomain}`,
    ],
  },
  "declares a parameter without a name": {
    change: { workflowRef: { declaredParameterNames: { "": true } } },
    refusals: ["spec.workflowRef.declaredParameterNames: Invalid value: names must have 1 to 128 characters"],
  },
  "needs more than 16 features": {
    change: { requiredFeatures: Array.from({ length: 17 }, (_, index) => `feature-${String(index)}`) },
    refusals: ["spec.requiredFeatures: Too many: 17: must have at most 16 items"],
  },
  "needs a feature twice": {
    change: { requiredFeatures: ["a", "a"] },
    refusals: ["spec.requiredFeatures: Invalid value: requiredFeatures must be unique"],
  },
  "has no target": { change: { targetResource: null }, refusals: ["spec.targetResource: Required value"] },
  "has a target of one part": {
    change: { targetResource: "api" },
    refusals: [`spec.targetResource: Invalid value: "api": ${target}`],
  },
  "has a target of four parts": {
    change: { targetResource: "payment/deployment/api/x" },
    refusals: [`spec.targetResource: Invalid value: "payment/deployment/api/x": ${target}`],
  },
  "has a target in a namespace that can't exist": {
    change: { targetResource: "Payment/deployment/api" },
    refusals: [`spec.targetResource: Invalid value: "Payment/deployment/api": ${target}`],
  },
  "has a target with a wildcard": {
    change: { targetResource: "payment/deployment/*" },
    refusals: [`spec.targetResource: Invalid value: "payment/deployment/*": ${target}`],
  },
  "has a parameter in lower case": {
    change: { parameters: { memory: "1Gi", B: "1" } },
    refusals: [
      "spec.parameters: Invalid value: parameter names must be 1 to 128 upper case letters, digits and '_', starting with a letter, not memory",
    ],
  },
  "has the reserved parameter TARGET_RESOURCE": {
    change: { parameters: { TARGET_RESOURCE: "x" } },
    refusals: [
      "spec.parameters: Invalid value: the parameter name TARGET_RESOURCE is reserved: the controller sets it from targetResource",
    ],
  },
  "has a parameter with the reserved prefix": {
    change: { parameters: { KUBERNAUT_UID: "x" } },
    refusals: [
      "spec.parameters: Invalid value: parameter names that start with KUBERNAUT_ are reserved: KUBERNAUT_UID",
    ],
  },
  "has a value that Tekton would expand": {
    change: { parameters: { A: "$(params.B)" } },
    refusals: [`spec.parameters[A]: Invalid value: "\$(params.B)": ${expansion}`],
  },
  "has a value that the kubelet would expand": {
    change: { parameters: { A: "b", B: "a$$b" } },
    refusals: [`spec.parameters[B]: Invalid value: "a$$b": ${expansion}`],
  },
  "has a value with a NUL character": {
    change: { parameters: { A: "a\0b" } },
    refusals: [
      'spec.parameters[A]: Invalid value: "a\\x00b": must not contain NUL characters: neither an environment variable nor the audit trail can hold them',
    ],
  },
  "has a value that is too long": {
    change: { parameters: { A: "x".repeat(8193) } },
    refusals: ["spec.parameters.A: Too long: may not be more than 8192 bytes"],
  },
  "has values that are too long together": {
    change: {
      parameters: Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`A${String(index)}`, "x".repeat(7282)])),
    },
    refusals: [
      "spec.parameters: Invalid value: the values of all parameters together must have at most 65536 characters",
    ],
  },
  "has more than 64 parameters": {
    change: { parameters: Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`A${String(index)}`, ""])) },
    refusals: ["spec.parameters: Too many: 65: must have at most 64 items"],
  },
  "has a number as parameter": {
    change: { parameters: { REPLICAS: 3 } },
    refusals: [
      'spec.parameters.REPLICAS: Invalid value: "integer": spec.parameters.REPLICAS in body must be of type string: "integer"',
    ],
  },
  "does neither skip nor wait": {
    change: { onBusy: "Queue", onCooldown: "" },
    refusals: [
      'spec.onBusy: Unsupported value: "Queue": supported values: "Skip", "Wait"',
      'spec.onCooldown: Unsupported value: "": supported values: "Skip", "Wait"',
    ],
  },
  "is asked for by nobody": {
    change: { requestedBy: {} },
    refusals: ["spec.requestedBy.username: Required value"],
  },
  "is asked for by somebody whose name has several lines": {
    change: { requestedBy: { username: "x\ny" } },
    refusals: [`spec.requestedBy.username: Invalid value: "x\\ny": ${oneLine}`],
  },
  "is asked for by somebody whose name is too long for the record": {
    change: { requestedBy: { username: "x".repeat(1025) } },
    refusals: ["spec.requestedBy.username: Too long: may not be more than 1024 bytes"],
  },
  "is asked for by somebody with too many groups": {
    change: { requestedBy: { username: "x", groups: Array.from({ length: 33 }, () => "x") } },
    refusals: ["spec.requestedBy.groups: Too many: 33: must have at most 32 items"],
  },
  "is more than certain": {
    change: { confidence: 1.1 },
    refusals: ["spec.confidence: Invalid value: 1.1: spec.confidence in body should be less than or equal to 1"],
  },
  "has a rationale with a NUL character": {
    change: { rationale: "\0" },
    refusals: [
      'spec.rationale: Invalid value: "\\x00": must not contain NUL characters: neither an environment variable nor the audit trail can hold them',
    ],
  },
  "times out after a day in words": {
    change: { executionConfig: { timeout: "1d" } },
    refusals: [`spec.executionConfig.timeout: Invalid value: "1d": ${duration}`],
  },
  "times out at once": {
    change: { executionConfig: { timeout: "0s" } },
    refusals: [`spec.executionConfig.timeout: Invalid value: "0s": ${duration}`],
  },
  "times out after more than a day": {
    change: { executionConfig: { timeout: "24h1ms" } },
    refusals: [`spec.executionConfig.timeout: Invalid value: "24h1ms": ${duration}`],
  },
  "times out after more than Go can count": {
    change: { executionConfig: { timeout: "99999999999h" } },
    refusals: [`spec.executionConfig.timeout: Invalid value: "99999999999h": ${duration}`],
  },
  "may be delayed by less than nothing": {
    change: { executionConfig: { maxDelay: "-5m" } },
    refusals: [`spec.executionConfig.maxDelay: Invalid value: "-5m": ${duration}`],
  },
  "keeps more for finally than the timeout allows": {
    change: { executionConfig: { timeout: "10m", finallyTimeout: "600s" } },
    refusals: [
      "spec.executionConfig.finallyTimeout: Invalid value: finallyTimeout is a part of timeout and must be shorter",
    ],
  },
  "has a malformed finallyTimeout beside a timeout": {
    change: { executionConfig: { timeout: "10m", finallyTimeout: "1 hour" } },
    refusals: [`spec.executionConfig.finallyTimeout: Invalid value: "1 hour": ${duration}`],
  },
  "times out at a moment that is none": {
    change: { timesOutAt: "tomorrow" },
    refusals: [
      'spec.timesOutAt: Invalid value: "tomorrow": spec.timesOutAt in body must be of type date-time: "tomorrow"',
    ],
  },
};
