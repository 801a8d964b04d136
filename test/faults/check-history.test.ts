import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkHistory } from "./check-history.ts";
import { HistoryError, type HistoryEntry } from "./history-entry.ts";
import { missingChecks, renderViolation } from "./ledger.ts";
import { asHistory, followed, gone, moved, told, twin, withLock, withStatus, type Told } from "./story.ts";
import { aLife, aSkippedLife, COOLDOWN_MS, memoryOf, time, type Part } from "./told-life.ts";

const A: Part = { name: "a", at: 0, epoch: 1 };
const B: Part = { name: "b", at: 100, epoch: 2, remembered: [memoryOf(A)] };
const a = aLife(A);
const twice: readonly Told[] = [...a, ...aLife(B)];
const FAILING: Part = { ...A, ending: "Failed" };
const failing = aLife(FAILING);
/** A workflow that the failure of the first doesn't block. */
const other = aLife({ name: "b", at: 100, epoch: 2, workflowId: "resize", remembered: [memoryOf(FAILING)] });

const cleared = { clearedAt: time(20), clearedBy: "jane", clearReason: "fixed", clearMethod: "ExecutionAnnotation" };
const clearing = { ordinal: 1, type: "workflowexecution.block.cleared", at: time(20), outcome: "success" } as const;
const { blockedBy: _blockedBy, ...unblocked } = memoryOf(FAILING);

function check(story: readonly Told[]): ReturnType<typeof checkHistory> {
  return checkHistory(asHistory(story), { cooldownMs: COOLDOWN_MS });
}

describe("a history in which nothing is wrong", () => {
  const right: Readonly<Record<string, readonly Told[]>> = {
    "one life": a,
    "two lives one after the other, the second after the cooldown": twice,
    "a life while others are skipped": followed(a, "a running", ...aSkippedLife({ name: "b", at: 4 })),
    "a failure, and then another workflow": [...failing, ...other],
    "a life after which the execution, its run and all of it are removed": [
      ...a,
      ...["a's pod ended", "a's task ended", "a's run ended", "a ended"].map((what) => gone(a, what)),
    ],
    "a run that comes late and is removed without having been started": [
      ...a,
      twin(a, "a's run created", { name: "late", uid: "late" }),
      gone([twin(a, "a's run created", { name: "late", uid: "late" })], "a's run created, again"),
    ],
    "a block that is lifted after it was cleared on the execution": [
      ...failing,
      ...withStatus([told(failing, "a ended")], "a ended", { blockClearance: cleared }),
      ...withLock([told(failing, "a gives the lock back")], "a gives the lock back", { workflows: [unblocked] }),
    ],
    "a block that is lifted by the write that puts the clearing on record": [
      ...failing,
      ...withLock([told(failing, "a gives the lock back")], "a gives the lock back", {
        workflows: [unblocked],
        audit: { pending: [clearing] },
      }),
    ],
  };
  for (const [what, story] of Object.entries(right)) {
    it(`may be ${what}`, () => {
      assert.deepEqual(check(story).violations.map(renderViolation), []);
    });
  }

  it("says how much was looked at", () => {
    const { counts } = check(twice);
    assert.deepEqual(counts, {
      ...{ changes: 32, executions: 2, transitions: 6, takes: 2, bindings: 2, starts: 2, successions: 1, actors: 6 },
      ...{ cooldowns: 1, endings: 2, outcomes: 2, releases: 2, "remembered successes": 2 },
    });
  });

  it("is not enough where less was looked at than the caller wants", () => {
    const { counts } = check(twice);
    assert.deepEqual(missingChecks(counts, { starts: 2, cooldowns: 1 }), []);
    assert.deepEqual(missingChecks(counts, { starts: 3, clearings: 1 }), [
      "starts: 2 checked, at least 3 wanted",
      "clearings: 0 checked, at least 1 wanted",
    ]);
  });
});

describe("a violation", () => {
  it("names the invariant, the writes and the objects that contradict each other", () => {
    const { violations } = check(moved(twice, "b's run begun", "a's pod ended"));
    assert.equal(
      violations.map(renderViolation).find((line) => line.startsWith("I1")),
      `I1 at revision 21, 10: something of run r-b can act on target ${"0".repeat(32)} while something of run r-a still can [run run-b (r-b), pod pod-a (pod-a)]`,
    );
  });
});

describe("what isn't a history", () => {
  const entries = asHistory(a);
  const replaced = { metadata: { name: "a", namespace: "remediation", uid: "x" } };
  const broken: Readonly<Record<string, readonly HistoryEntry[]>> = {
    "because its revisions are out of order": entries.toReversed(),
    "because an object is removed that was never there": entries
      .slice(-1)
      .map((entry) => ({ ...entry, deleted: true })),
    "because an object becomes another without being removed": [
      ...entries,
      ...entries.slice(0, 1).map(({ key }) => ({ revision: 99, key, deleted: false, object: replaced })),
    ],
    "because nothing says when a run was started": asHistory(twice).map(withoutTimes),
  };
  for (const [what, history] of Object.entries(broken)) {
    it(`is refused, ${what}`, () => {
      assert.throws(() => checkHistory(history, { cooldownMs: COOLDOWN_MS }), HistoryError);
    });
  }
});

function withoutTimes(entry: HistoryEntry): HistoryEntry {
  if (entry.object === undefined) return entry;
  const { name, namespace = "", uid = "", labels = {} } = entry.object.metadata;
  return { ...entry, object: { ...entry.object, metadata: { name, namespace, uid, labels } } };
}
