import { DIGEST, IMAGE } from "./objects.ts";

/** Every field of spec with a value of its own; a test proves that none is missing. */
export const everyField: Readonly<Record<string, unknown>> = {
  remediationRequestRef: {
    apiVersion: "kubernaut.ai/v1alpha1",
    kind: "RemediationRequest",
    name: "a",
    namespace: "b",
    uid: "c",
  },
  workflowRef: {
    workflowId: "restart-deployment",
    version: "1.0.0",
    containerImage: `${IMAGE}:1.0.0`,
    containerDigest: DIGEST,
    dependencies: { secrets: [{ name: "a" }, { name: "b" }] },
    declaredParameterNames: { A: true },
    engineConfig: { retries: 3 },
  },
  clusterID: "east",
  requiredFeatures: ["a", "b"],
  targetResource: "payment/deployment/api",
  parameters: { A: "1" },
  confidence: 0.5,
  rationale: "it helped before",
  executionConfig: { timeout: "30m" },
  timesOutAt: "2030-01-02T03:04:05Z",
  onBusy: "Wait",
  onCooldown: "Wait",
  // The tests' own user.
  requestedBy: { username: "admin", groups: ["system:masters", "system:authenticated"] },
};

/** Merge patches of spec, each of which changes the field that it is listed under. */
export const changes: Readonly<Record<string, readonly unknown[]>> = {
  remediationRequestRef: [{ remediationRequestRef: { name: "x" } }, { remediationRequestRef: { uid: null } }],
  workflowRef: [
    { workflowRef: { workflowId: "x" } },
    { workflowRef: { containerDigest: null } },
    { workflowRef: { dependencies: { secrets: [{ name: "b" }, { name: "a" }] } } },
    { workflowRef: { declaredParameterNames: { A: null } } },
    { workflowRef: { engineConfig: { retries: 4 } } },
    { workflowRef: { engineConfig: null } },
  ],
  clusterID: [{ clusterID: "west" }, { clusterID: null }],
  requiredFeatures: [{ requiredFeatures: ["b", "a"] }, { requiredFeatures: null }],
  targetResource: [{ targetResource: "payment/deployments/api" }],
  parameters: [{ parameters: { A: "2" } }, { parameters: { B: "" } }, { parameters: null }],
  confidence: [{ confidence: 0.6 }, { confidence: null }],
  rationale: [{ rationale: "x" }, { rationale: null }],
  executionConfig: [{ executionConfig: { timeout: "1800s" } }, { executionConfig: null }],
  timesOutAt: [{ timesOutAt: "2030-01-02T03:04:06Z" }, { timesOutAt: null }],
  onBusy: [{ onBusy: "Skip" }, { onBusy: null }],
  onCooldown: [{ onCooldown: "Skip" }, { onCooldown: null }],
  requestedBy: [
    { requestedBy: { username: "x" } },
    { requestedBy: { uid: "x" } },
    { requestedBy: { groups: ["system:authenticated", "system:masters"] } },
    { requestedBy: { groups: null } },
    { requestedBy: null },
  ],
};

/** Merge patches that change nothing of spec, or something that is not spec. */
export const harmless: Readonly<Record<string, unknown>> = {
  "sets a field to what it is": { spec: { targetResource: "payment/deployment/api" } },
  "adds a label": { metadata: { labels: { a: "b" } } },
  "adds the finalizer": { metadata: { finalizers: ["kubernaut.ai/workflowexecution-cleanup"] } },
  "removes the finalizer": { metadata: { finalizers: null } },
};
