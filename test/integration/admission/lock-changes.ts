/** A merge patch of a new lock's spec that comes first, another one of the stored lock, and all that must be said about that. */
export interface LockChangeCase {
  readonly before: unknown;
  readonly patch: unknown;
  readonly refusals: readonly string[];
}

const holder = {
  namespace: "default",
  name: "one",
  uid: "uid-1",
  workflowId: "restart-deployment",
  since: "2026-01-02T03:04:05Z",
};
const other = { ...holder, name: "two", uid: "uid-2" };
const run = { namespace: "kubernaut-workflows", name: "one-0123456789abcdef", uid: "run-1" };
const otherRun = { ...run, uid: "run-2" };
const missedAt = "2026-01-02T03:04:05Z";

const held = {};
const free = { state: "Free", holder: null };
const bind = { state: "Bound", run };
const release = { state: "Free", holder: null, run: null };
const take = { state: "Held", holder: other, epoch: 2 };
const block = {
  namespace: "default",
  name: "one",
  uid: "uid-1",
  since: "2026-01-02T03:04:05Z",
  reason: "PreviousExecutionFailed",
};
const history = [
  {
    workflowId: "restart-deployment",
    bundle: { repository: "registry.example.com/workflows/restart-deployment", digest: `sha256:${"a".repeat(64)}` },
    lastExecution: { namespace: "default", name: "one", uid: "uid-1" },
    lastOutcome: "Failed",
    completedAt: "2026-01-02T03:04:05Z",
    cooldownEndsAt: "2026-01-02T03:09:05Z",
    consecutiveFailures: 1,
    nextAllowedAt: "2026-01-02T03:05:05Z",
    blockedBy: block,
  },
];

const event = {
  ordinal: 1,
  type: "workflowexecution.block.cleared",
  at: "2026-01-02T03:04:05Z",
  outcome: "success",
  facts: { actor: "ann@example.com" },
};
const next = { ...event, ordinal: 2 };
const withOutbox = { ...free, audit: { pending: [event] } };
const receipt = { acked: { ordinal: 1, at: event.at }, seq: 7, hash: "00" };
const withReceipt = { ...free, audit: receipt };
const pendingFixed =
  "spec.audit.pending: Invalid value: an entry of pending can be neither changed nor removed before acked.ordinal has reached its ordinal";

export const lockChanges: Readonly<Record<string, LockChangeCase>> = {
  "a held one is bound": { before: held, patch: bind, refusals: [] },
  "a held one is released": { before: held, patch: release, refusals: [] },
  "a bound one is released with a history": { before: bind, patch: { ...release, workflows: history }, refusals: [] },
  "a free one is taken": { before: free, patch: take, refusals: [] },
  "a held one gets another summary": { before: held, patch: { summary: { holder: "default/one" } }, refusals: [] },
  "a free one forgets its history": {
    before: { ...free, workflows: history },
    patch: { workflows: null },
    refusals: [],
  },
  "the run of a bound one is missed": { before: bind, patch: { runMissingSince: missedAt }, refusals: [] },
  "one whose run is missed is released": {
    before: { ...bind, runMissingSince: missedAt },
    patch: { ...release, runMissingSince: null },
    refusals: [],
  },
  "a newer controller upgrades the record": { before: free, patch: { formatVersion: 2 }, refusals: [] },

  "a free one is bound at once": {
    before: free,
    patch: { ...take, ...bind },
    refusals: [
      "spec.state: Invalid value: state goes from Free to Held, from Held to Bound or Free and from Bound to Free",
    ],
  },
  "a bound one is held again": {
    before: bind,
    patch: { state: "Held", run: null },
    refusals: [
      "spec.state: Invalid value: state goes from Free to Held, from Held to Bound or Free and from Bound to Free",
    ],
  },
  "a state that doesn't exist": {
    before: held,
    patch: { state: "Draining" },
    refusals: ['spec.state: Unsupported value: "Draining": supported values: "Free", "Held", "Bound"'],
  },
  "a held one passes to another": {
    before: held,
    patch: { holder: other },
    refusals: [
      "spec.holder: Invalid value: holder never changes while the lock is held: it passes to another only through state Free",
    ],
  },
  "a held one passes to another with a new epoch": {
    before: held,
    patch: { holder: other, epoch: 2 },
    refusals: [
      "spec.epoch: Invalid value: epoch grows by 1 each time the lock is taken and never changes otherwise",
      "spec.holder: Invalid value: holder never changes while the lock is held: it passes to another only through state Free",
    ],
  },
  "a held one seems to be held for less long": {
    before: held,
    patch: { holder: { since: "2026-01-02T04:04:05Z" } },
    refusals: [
      "spec.holder: Invalid value: holder never changes while the lock is held: it passes to another only through state Free",
    ],
  },
  "a held one loses its holder": {
    before: held,
    patch: { holder: null },
    refusals: ["spec.holder: Invalid value: holder must be set exactly where state is Held or Bound"],
  },
  "a free one gets a holder and stays free": {
    before: free,
    patch: { holder: other, epoch: 2 },
    refusals: ["spec.holder: Invalid value: holder must be set exactly where state is Held or Bound"],
  },
  "a held one gets a run and stays held": {
    before: held,
    patch: { run },
    refusals: ["spec.run: Invalid value: run must be set exactly where state is Bound"],
  },
  "a bound one loses its run": {
    before: bind,
    patch: { run: null },
    refusals: ["spec.run: Invalid value: run must be set exactly where state is Bound"],
  },
  "a bound one gets another run": {
    before: bind,
    patch: { run: otherRun },
    refusals: ["spec.run: Invalid value: run is bound once and never changes while the lock is held"],
  },
  "a run is missed where there was none": {
    before: held,
    patch: { runMissingSince: missedAt },
    refusals: ["spec.runMissingSince: Invalid value: runMissingSince can be set only where state is Bound"],
  },
  "a missed run outlasts the release": {
    before: { ...bind, runMissingSince: missedAt },
    patch: release,
    refusals: ["spec.runMissingSince: Invalid value: runMissingSince can be set only where state is Bound"],
  },
  "a run is missed later": {
    before: { ...bind, runMissingSince: missedAt },
    patch: { runMissingSince: "2026-01-02T03:04:06Z" },
    refusals: ["spec.runMissingSince: Invalid value: runMissingSince never changes while the lock is held"],
  },
  "a run is missed no longer": {
    before: { ...bind, runMissingSince: missedAt },
    patch: { runMissingSince: null },
    refusals: ["spec.runMissingSince: Invalid value: runMissingSince never changes while the lock is held"],
  },
  "a run without a namespace": {
    before: held,
    patch: { ...bind, run: { ...run, namespace: null } },
    refusals: ["spec.run.namespace: Required value"],
  },
  "a free one is taken under the same epoch": {
    before: free,
    patch: { ...take, epoch: 1 },
    refusals: ["spec.epoch: Invalid value: epoch grows by 1 each time the lock is taken and never changes otherwise"],
  },
  "a free one is taken and skips an epoch": {
    before: free,
    patch: { ...take, epoch: 3 },
    refusals: ["spec.epoch: Invalid value: epoch grows by 1 each time the lock is taken and never changes otherwise"],
  },
  "the epoch grows without a new holder": {
    before: held,
    patch: { epoch: 2 },
    refusals: ["spec.epoch: Invalid value: epoch grows by 1 each time the lock is taken and never changes otherwise"],
  },
  "the epoch goes back on release": {
    before: { epoch: 5 },
    patch: { ...release, epoch: 4 },
    refusals: ["spec.epoch: Invalid value: epoch grows by 1 each time the lock is taken and never changes otherwise"],
  },
  "the target changes": {
    before: held,
    patch: { targetResource: "payment/deployments.apps/other" },
    refusals: ["spec.targetResource: Invalid value: targetResource is immutable after creation"],
  },
  "an older controller writes a newer record": {
    before: { formatVersion: 2 },
    patch: { formatVersion: 1 },
    refusals: ["spec.formatVersion: Invalid value: formatVersion never goes back"],
  },
  "a workflow occurs twice": {
    before: held,
    patch: { workflows: [...history, ...history] },
    refusals: ['spec.workflows[1]: Duplicate value: {"workflowId":"restart-deployment"}'],
  },
  "a block without a reason": {
    before: held,
    patch: { workflows: [{ workflowId: "a", blockedBy: { ...block, reason: null } }] },
    refusals: ["spec.workflows[0].blockedBy.reason: Required value"],
  },

  "a block is lifted": {
    before: { ...free, workflows: history },
    patch: { workflows: [{ workflowId: "restart-deployment" }], audit: { pending: [event] } },
    refusals: [],
  },
  "an event is appended": { before: withOutbox, patch: { audit: { pending: [event, next] } }, refusals: [] },
  "an event is recorded": { before: withOutbox, patch: { audit: { ...receipt, pending: [] } }, refusals: [] },
  "an event is dropped": { before: withOutbox, patch: { audit: { pending: [] } }, refusals: [pendingFixed] },
  "an event is dropped with its list": {
    before: withOutbox,
    patch: { audit: { pending: null } },
    refusals: [pendingFixed],
  },
  "an event is rewritten": {
    before: withOutbox,
    patch: { audit: { pending: [{ ...event, facts: { actor: "ben@example.com" } }] } },
    refusals: [pendingFixed],
  },
  "the outbox is removed": {
    before: withOutbox,
    patch: { audit: null },
    refusals: [
      "spec.audit: Invalid value: audit cannot be removed: it holds what is not yet recorded and the receipt of what is",
    ],
  },
  "the receipt is removed": {
    before: withReceipt,
    patch: { audit: { acked: null } },
    refusals: ["spec.audit.acked: Invalid value: acked cannot be removed"],
  },
  "an event occurs twice": {
    before: free,
    patch: { audit: { pending: [event, event] } },
    refusals: ['spec.audit.pending[1]: Duplicate value: {"ordinal":1}'],
  },
};
