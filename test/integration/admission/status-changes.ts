/** A status that was written, a merge patch of it, and all that the API server must say about that. */
export interface StatusChangeCase {
  readonly before: Readonly<Record<string, unknown>>;
  readonly patch: unknown;
  readonly refusals: readonly string[];
}

const run = { namespace: "kubernaut-workflows", name: "one-0123456789abcdef", uid: "uid-1" };
const otherRun = { ...run, uid: "uid-2" };
const ended = { completionTime: "2026-01-02T03:04:05Z" };

const pending = { phase: "Pending" };
const bound = { phase: "Pending", executionRef: run };
const running = { phase: "Running", executionRef: run };
const completed = { phase: "Completed", outcome: "Success", executionRef: run, ...ended };
const failed = { phase: "Failed", outcome: "Failed", ...ended };
const cancelled = { phase: "Failed", outcome: "Cancelled", executionRef: run, ...ended };
const skipped = { phase: "Skipped", outcome: "n/a", ...ended };
const toNothing = { outcome: null, completionTime: null };

const blockClearance = {
  clearedAt: "2026-01-02T03:04:05Z",
  clearedBy: "ann@example.com",
  clearReason: "memory raised",
  clearMethod: "ExecutionAnnotation",
};
const cleared = { ...failed, blockClearance };
const retry = { disposition: "After", after: "2026-01-02T03:05:05Z" };

const entry = {
  ordinal: 1,
  type: "workflowexecution.workflow.starting",
  at: "2026-01-02T03:04:05Z",
  outcome: "pending",
};
const next = { ...entry, ordinal: 2, type: "workflowexecution.workflow.started", outcome: "success" };
const withOutbox = { ...running, audit: { pending: [entry] } };
const withReceipt = { ...running, audit: { acked: { ordinal: 1, at: entry.at }, seq: 7, hash: "00" } };

const onward =
  "status.phase: Invalid value: phase goes from Pending to Running, Completed, Failed or Skipped and from Running to Completed or Failed; it never changes after that";
const runSetOnce =
  "status.executionRef: Invalid value: executionRef is set once: it can be neither changed nor removed";
const runWhilePending = "status.executionRef: Invalid value: executionRef can only be set while phase is Pending";
const runOfSkipped =
  "status.executionRef: Invalid value: executionRef must be absent where phase is Skipped: a skipped execution has no run";
const runNeeded = "status.executionRef: Invalid value: executionRef is required where phase is Running or Completed";
const outcomeOfPhase =
  "status.outcome: Invalid value: outcome must be Success where phase is Completed, Failed or Cancelled where it is Failed, n/a where it is Skipped, and absent before";
const outcomeFixed = "status.outcome: Invalid value: outcome of an ended execution never changes";
const endOfPhase =
  "status.completionTime: Invalid value: completionTime must be set exactly where phase is Completed, Failed or Skipped";
const endFixed = "status.completionTime: Invalid value: completionTime of an ended execution never changes";
const clearedOnce =
  "status.blockClearance: Invalid value: blockClearance is set once: it can be neither changed nor removed";
const pendingFixed =
  "status.audit.pending: Invalid value: an entry of pending can be neither changed nor removed before acked.ordinal has reached its ordinal";

export const statusChanges: Readonly<Record<string, StatusChangeCase>> = {
  "a pending one gets its run": { before: pending, patch: { executionRef: run }, refusals: [] },
  "a bound one runs": { before: bound, patch: { phase: "Running" }, refusals: [] },
  "a bound one has ended before it was seen running": { before: bound, patch: completed, refusals: [] },
  "a pending one has its run and its end in one write": { before: pending, patch: cancelled, refusals: [] },
  "a pending one is skipped": { before: pending, patch: skipped, refusals: [] },
  "a pending one fails without a run": { before: pending, patch: failed, refusals: [] },
  "a running one completes": { before: running, patch: completed, refusals: [] },
  "a running one fails": { before: running, patch: { ...failed, executionRef: run }, refusals: [] },
  "a running one is cancelled": { before: running, patch: cancelled, refusals: [] },
  "a completed one gets its audit receipt": { before: completed, patch: { audit: { seq: 1 } }, refusals: [] },
  "a failed one gets better details": { before: failed, patch: { message: "x", reason: "OOMKilled" }, refusals: [] },

  "a running one goes back": { before: running, patch: { phase: "Pending" }, refusals: [onward] },
  "a running one loses its phase": { before: running, patch: { phase: null }, refusals: [onward] },
  "a running one loses its status": { before: running, patch: null, refusals: [runSetOnce, onward] },
  "a running one is skipped": { before: running, patch: skipped, refusals: [runOfSkipped, onward] },
  "a completed one fails": {
    before: completed,
    patch: { phase: "Failed", outcome: "Failed" },
    refusals: [outcomeFixed, onward],
  },
  "a completed one runs again": {
    before: completed,
    patch: { phase: "Running", ...toNothing },
    refusals: [endFixed, outcomeFixed, onward],
  },
  "a completed one loses its status": {
    before: completed,
    patch: null,
    refusals: [endFixed, runSetOnce, outcomeFixed, onward],
  },
  "a failed one completes": {
    before: failed,
    patch: { phase: "Completed", outcome: "Success", executionRef: run },
    refusals: [runWhilePending, outcomeFixed, onward],
  },
  "a skipped one fails": {
    before: skipped,
    patch: { phase: "Failed", outcome: "Failed" },
    refusals: [outcomeFixed, onward],
  },
  "a failed one turns out to be cancelled": {
    before: failed,
    patch: { outcome: "Cancelled" },
    refusals: [outcomeFixed],
  },
  "a failed one loses its outcome": {
    before: failed,
    patch: { outcome: null },
    refusals: [outcomeOfPhase, outcomeFixed],
  },
  "a completed one ends later": {
    before: completed,
    patch: { completionTime: "2026-01-02T03:04:06Z" },
    refusals: [endFixed],
  },
  "a completed one loses its end": {
    before: completed,
    patch: { completionTime: null },
    refusals: [endOfPhase, endFixed],
  },
  "a phase that doesn't exist": {
    before: pending,
    patch: { phase: "Cancelled" },
    refusals: [
      'status.phase: Unsupported value: "Cancelled": supported values: "Pending", "Running", "Completed", "Failed", "Skipped"',
    ],
  },

  "a bound one gets another run": { before: bound, patch: { executionRef: otherRun }, refusals: [runSetOnce] },
  "a bound one loses its run": { before: bound, patch: { executionRef: null }, refusals: [runSetOnce] },
  "a failed one gets a run": { before: failed, patch: { executionRef: run }, refusals: [runWhilePending] },
  "a run without a UID": {
    before: pending,
    patch: { executionRef: { ...run, uid: null } },
    refusals: ["status.executionRef.uid: Required value"],
  },
  "a pending one is skipped with a run": { before: bound, patch: skipped, refusals: [runOfSkipped] },
  "a pending one runs without a run": { before: pending, patch: { phase: "Running" }, refusals: [runNeeded] },
  "a pending one completes without a run": {
    before: pending,
    patch: { ...completed, executionRef: null },
    refusals: [runNeeded],
  },
  "a pending one succeeds before it ends": {
    before: pending,
    patch: { outcome: "Success" },
    refusals: [outcomeOfPhase],
  },
  "a failed one with a success": {
    before: pending,
    patch: { ...failed, outcome: "Success" },
    refusals: [outcomeOfPhase],
  },
  "a skipped one without a time": {
    before: pending,
    patch: { phase: "Skipped", outcome: "n/a" },
    refusals: [endOfPhase],
  },
  "a pending one with the time of its end": { before: pending, patch: ended, refusals: [endOfPhase] },

  "a failed one says when to try again": { before: failed, patch: { retry }, refusals: [] },
  "a failed one says no word of trying again": {
    before: failed,
    patch: { retry: { disposition: "Sometimes" } },
    refusals: [
      'status.retry.disposition: Unsupported value: "Sometimes": supported values: "Now", "After", "WhenReleased", "WhenCleared", "Never"',
    ],
  },
  "the block of a failed one is lifted": { before: failed, patch: { blockClearance }, refusals: [] },
  "somebody else has lifted the block": {
    before: cleared,
    patch: { blockClearance: { clearedBy: "ben@example.com" } },
    refusals: [clearedOnce],
  },
  "nobody has lifted the block": { before: cleared, patch: { blockClearance: null }, refusals: [clearedOnce] },
  "a block is lifted by nobody": {
    before: failed,
    patch: { blockClearance: { ...blockClearance, clearedBy: null } },
    refusals: ["status.blockClearance.clearedBy: Required value"],
  },

  "an event is appended": { before: withOutbox, patch: { audit: { pending: [entry, next] } }, refusals: [] },
  "an event is recorded": {
    before: withOutbox,
    patch: { ...withReceipt, audit: { pending: [], ...withReceipt.audit } },
    refusals: [],
  },
  "one event is recorded and the next appended": {
    before: withOutbox,
    patch: { audit: { pending: [next], ...withReceipt.audit } },
    refusals: [],
  },
  "an event is dropped": { before: withOutbox, patch: { audit: { pending: [] } }, refusals: [pendingFixed] },
  "an event is dropped with its list": {
    before: withOutbox,
    patch: { audit: { pending: null } },
    refusals: [pendingFixed],
  },
  "an event is rewritten": {
    before: withOutbox,
    patch: { audit: { pending: [{ ...entry, outcome: "success" }] } },
    refusals: [pendingFixed],
  },
  "the outbox is removed": {
    before: withOutbox,
    patch: { audit: null },
    refusals: [
      "status.audit: Invalid value: audit cannot be removed: it holds what is not yet recorded and the receipt of what is",
    ],
  },
  "the receipt is removed": {
    before: withReceipt,
    patch: { audit: { acked: null } },
    refusals: ["status.audit.acked: Invalid value: acked cannot be removed"],
  },
  "an event occurs twice": {
    before: pending,
    patch: { audit: { pending: [entry, entry] } },
    refusals: ['status.audit.pending[1]: Duplicate value: {"ordinal":1}'],
  },
  "nine events wait": {
    before: pending,
    patch: { audit: { pending: Array.from({ length: 9 }, (_, index) => ({ ...entry, ordinal: index + 1 })) } },
    refusals: ["status.audit.pending: Too many: 9: must have at most 8 items"],
  },
};
