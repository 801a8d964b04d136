/** A merge patch of a stored lock, and the fields that it changes. */
export interface LockWriteCase {
  readonly patch: unknown;
  readonly changes: readonly string[];
}

/** What the stored lock of these cases has besides its record. */
export const storedMetadata = {
  labels: { kept: "1" },
  annotations: { kept: "1" },
  finalizers: ["example.com/kept"],
};

/** Changes that need the verb record. */
export const lockWrites: Readonly<Record<string, LockWriteCase>> = {
  "takes it": {
    patch: {
      spec: {
        state: "Held",
        epoch: 2,
        holder: {
          namespace: "default",
          name: "two",
          uid: "uid-2",
          workflowId: "restart-deployment",
          since: "2026-01-02T03:04:05Z",
        },
      },
    },
    changes: ["spec.epoch", "spec.holder", "spec.state"],
  },
  "lifts blocks without a word": { patch: { spec: { workflows: [] } }, changes: ["spec.workflows"] },
  "forgets what is remembered": { patch: { spec: { workflows: null } }, changes: ["spec.workflows"] },
  "makes it seem free of blocks": { patch: { spec: { summary: { blocked: "" } } }, changes: ["spec.summary"] },
  "pretends that something is on record": {
    patch: { spec: { audit: { acked: { ordinal: 9, at: "2026-01-02T03:04:05Z" } } } },
    changes: ["spec.audit"],
  },
  "makes it a newer record": { patch: { spec: { formatVersion: 2 } }, changes: ["spec.formatVersion"] },
  "adds a label": { patch: { metadata: { labels: { a: "b" } } }, changes: ["metadata.labels"] },
  "removes a label": { patch: { metadata: { labels: { kept: null } } }, changes: ["metadata.labels"] },
  "adds an annotation": { patch: { metadata: { annotations: { a: "b" } } }, changes: ["metadata.annotations[a]"] },
  "changes an annotation": {
    patch: { metadata: { annotations: { kept: "2" } } },
    changes: ["metadata.annotations[kept]"],
  },
  "removes an annotation": {
    patch: { metadata: { annotations: { kept: null } } },
    changes: ["metadata.annotations[kept]"],
  },
  "adds a finalizer": {
    patch: { metadata: { finalizers: ["example.com/kept", "example.com/other"] } },
    changes: ["metadata.finalizers"],
  },
  "removes a finalizer": { patch: { metadata: { finalizers: null } }, changes: ["metadata.finalizers"] },
  "gives it an owner, with which it would be deleted": {
    patch: { metadata: { ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "none", uid: "none" }] } },
    changes: ["metadata.ownerReferences"],
  },
  "asks for a block to be lifted beside": {
    patch: {
      metadata: { annotations: { "kubernaut.ai/clear-execution-block": "restart-deployment: x" } },
      spec: { workflows: null },
    },
    changes: ["spec.workflows"],
  },
};

/** Merge patches of that lock that change nothing. */
export const idleWrites: Readonly<Record<string, unknown>> = {
  "sends an empty patch": {},
  "sets everything to what it is": { metadata: storedMetadata, spec: { state: "Free", epoch: 1 } },
};

const holder = {
  namespace: "default",
  name: "one",
  uid: "uid-1",
  workflowId: "restart-deployment",
  since: "2026-01-02T03:04:05Z",
};
const blocked = {
  workflowId: "restart-deployment",
  lastOutcome: "Failed",
  blockedBy: {
    namespace: "default",
    name: "one",
    uid: "uid-1",
    since: "2026-01-02T03:04:05Z",
    reason: "PreviousExecutionFailed",
  },
};
const event = {
  ordinal: 1,
  type: "workflowexecution.block.cleared",
  at: "2026-01-02T03:04:05Z",
  outcome: "success",
  facts: { actor: "somebody" },
};

/** Merge patches of a lock that the controller has just taken, in the order in which it may make them. */
export const protocolBeforeAsk: Readonly<Record<string, unknown>> = {
  "binds its run": { spec: { state: "Bound", run: { namespace: "kubernaut-workflows", name: "one-0", uid: "run-1" } } },
  "gives it back with a block": {
    spec: { state: "Free", holder: null, run: null, workflows: [blocked], summary: { blocked: "restart-deployment" } },
  },
};
/** Those after somebody has asked for the block to be lifted. */
export const protocolAfterAsk: Readonly<Record<string, unknown>> = {
  "takes it for another execution": {
    spec: { state: "Held", epoch: 2, holder: { ...holder, uid: "uid-2", workflowId: "scale-up" } },
  },
  "gives it back unused": { spec: { state: "Free", holder: null } },
  "lifts the block, removes what was asked and keeps it for the record": {
    metadata: { annotations: null },
    spec: {
      workflows: [{ workflowId: "restart-deployment", lastOutcome: "Failed", consecutiveFailures: 0 }],
      summary: { blocked: null },
      audit: { pending: [event] },
    },
  },
  "forgets what is on record by now": {
    spec: { workflows: null, audit: { pending: [], acked: { ordinal: 1, at: event.at }, seq: 7, hash: "00" } },
  },
};
