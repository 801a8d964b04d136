import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkHistory } from "./check-history.ts";
import { renderViolation, type Invariant } from "./ledger.ts";
import { asHistory, followed, gone, moved, told, twin, withLock, withRunEnd, withStatus, without } from "./story.ts";
import type { Told } from "./story.ts";
import { aLife, COOLDOWN_MS, failureAt, memoryOf, time, type Part } from "./told-life.ts";

const A: Part = { name: "a", at: 0, epoch: 1 };
const B: Part = { name: "b", at: 100, epoch: 2, remembered: [memoryOf(A)] };
const a = aLife(A);
const twice: readonly Told[] = [...a, ...aLife(B)];
const FAILING: Part = { ...A, ending: "Failed" };
const failing = aLife(FAILING);
const again: Part = { ...B, remembered: [memoryOf(FAILING)] };

const toStartOfB = [
  "b created",
  "b takes the lock",
  "b's run created",
  "b binds its run",
  "b bound",
  "b's run started",
];
const childrenOfA = ["a's task created", "a's pod created", "a's pod running", "a's pod ended", "a's task ended"];

function ref(uid: string): { readonly namespace: string; readonly name: string; readonly uid: string } {
  return { namespace: "runs", name: `run-${uid}`, uid };
}

const FINISHED = { type: "Finished", status: "True", reason: "Succeeded", message: "" } as const;

interface Wrong {
  readonly story: readonly Told[];
  /** Every invariant that it breaks: what goes wrong with a target is seen from several sides. */
  readonly breaks: readonly Invariant[];
  /** One of the sentences. */
  readonly says: RegExp;
}

/** One at a time, each the smallest that shows it. */
const WRONG: Readonly<Record<string, Wrong>> = {
  "a run that is started while another goes on, the target having been given back too early": {
    story: moved(twice, "a's run ended", "a gives the lock back", ...toStartOfB),
    breaks: ["I1", "I3"],
    says: /run r-b can act .* while something of run r-a still can/,
  },
  "a run that is started while another goes on, the target having been taken from its holder": {
    story: moved(twice, "a's run ended", ...toStartOfB),
    breaks: ["I1", "I3", "I5"],
    says: /passed from w-a without being given back/,
  },
  "a run that is started while a pod of another may still act": {
    story: moved(twice, "b's run begun", "a's pod ended"),
    breaks: ["I1", "I3"],
    says: /run r-b can act .* run r-a still can/,
  },
  "tasks and pods of a run that come while another goes on": {
    story: moved(twice, "b's run ended", ...childrenOfA),
    breaks: ["I1", "I3"],
    says: /run r-a can act .* run r-b still can/,
  },
  "a run that is started before its execution holds the target": {
    story: moved(twice, "b takes the lock", "b's run created", "b's run started"),
    breaks: ["I1", "I2"],
    says: /was started while nobody held its target/,
  },
  "two locks for one target": {
    story: followed(a, "a takes the lock", twin(a, "a takes the lock", { name: "target-2", uid: "lock-2" })),
    breaks: ["I1", "I5"],
    says: /has two locks/,
  },
  "a run that is started while the lock is bound to another": {
    story: withLock(a, "a binds its run", { run: ref("r-z") }),
    breaks: ["I1"],
    says: /was started while the lock of its target was bound to run r-z/,
  },

  "an execution that is bound to another run": {
    story: withStatus(a, "a running", { executionRef: ref("r-z") }),
    breaks: ["I2", "I5"],
    says: /was bound to run r-a and then to run r-z/,
  },
  "two executions that are bound to one run": {
    story: withStatus(twice, "b bound", { executionRef: ref("r-a") }),
    breaks: ["I2", "I5"],
    says: /was bound to run r-a, and so was another/,
  },
  "a run that is started before its execution is bound to it": {
    story: moved(a, "a bound", "a's run started"),
    breaks: ["I2"],
    says: /was started while its execution was bound to run none/,
  },
  "a second run of an execution that is started": {
    story: followed(a, "a's run begun", twin(a, "a's run started", { name: "second", uid: "second" })),
    breaks: ["I1", "I2", "I3"],
    says: /a second run was started for execution w-a/,
  },
  "a run that is started for an execution that is gone": {
    story: [...a.slice(0, 5), gone(a, "a created"), told(a, "a's run started")],
    breaks: ["I2", "I3"],
    says: /was started for no execution/,
  },

  "a pod that goes on after the end": {
    story: [...without(a, "a's pod ended"), told(a, "a's pod ended")],
    breaks: ["I3"],
    says: /ended as Completed while pod pod-a of it could act/,
  },
  "tasks and pods that come after the end": {
    story: [...without(a, ...childrenOfA), ...childrenOfA.map((name) => told(a, name))],
    breaks: ["I3"],
    says: /ended as Completed and afterwards pod pod-a of it could act/,
  },
  "an execution that is removed while its run goes on": {
    story: [...a.slice(0, 8), gone(a, "a running"), told(a, "a's run ended")],
    breaks: ["I3"],
    says: /was deleted while run run-a of it could act/,
  },
  "a target that is given back while its holder runs": {
    story: moved(a, "a's pod ended", "a gives the lock back"),
    breaks: ["I3"],
    says: /was taken from execution a while that was Running/,
  },
  "a target that is given back while a pod of its holder may still act": {
    story: [...without(a, "a's pod ended", "a ended"), told(a, "a's pod ended")],
    breaks: ["I3"],
    says: /was taken from execution a while pod pod-a of it could act/,
  },
  "a target that is given back while its run may still be started": {
    story: [...a.slice(0, 5), told(a, "a ended"), told(a, "a gives the lock back")],
    breaks: ["I3", "I6"],
    says: /while its run run-a was Pending/,
  },

  "a start in the cooldown": {
    story: [...a, ...aLife({ ...B, at: 60 })],
    breaks: ["I4"],
    says: /was started in the cooldown after a: started at 2026-03-01T10:01:02Z, allowed from 2026-03-01T10:01:10Z/,
  },

  "a phase that goes back": {
    story: [...a, told(a, "a running")],
    breaks: ["I5"],
    says: /went from Completed to Running/,
  },
  "an outcome that changes after the end": {
    story: [...a, ...withStatus([told(a, "a ended")], "a ended", { outcome: "Failed" })],
    breaks: ["I5"],
    says: /changed status.outcome after it was decided/,
  },
  "an execution that takes its target a second time": {
    story: [...a, ...aLife({ ...A, epoch: 2, remembered: [memoryOf(A)] }).slice(1, 2)],
    breaks: ["I5"],
    says: /was taken a second time for execution w-a/,
  },
  "an epoch that is used twice": {
    story: [...a, ...aLife({ ...B, epoch: 1 })],
    breaks: ["I5"],
    says: /was taken under epoch 1 after 1/,
  },
  "an epoch that changes while the target is held": {
    story: withLock(a, "a binds its run", { epoch: 2 }),
    breaks: ["I5"],
    says: /went from epoch 1 to 2/,
  },
  "an execution that says a number under which it never held the target": {
    story: withLock(withLock(a, "a takes the lock", { epoch: 7 }), "a binds its run", { epoch: 7 }),
    breaks: ["I5"],
    says: /under epoch 1, but nobody did/,
  },
  "a lock that is taken as bound": {
    story: without(a, "a takes the lock"),
    breaks: ["I5"],
    says: /was taken as Bound/,
  },
  "a run that is started under another number than its execution says": {
    story: withStatus(a, "a bound", { locks: [{ name: `target-${"0".repeat(32)}`, uid: "lock", epoch: 5 }] }),
    breaks: ["I5"],
    says: /was started under .* epoch 5, but that is not how its target is locked/,
  },
  "a lock that is bound to another run": {
    story: [...a.slice(0, 6), ...withLock(a.slice(3, 4), "a binds its run", { run: ref("r-z") })],
    breaks: ["I5"],
    says: /was bound to run r-a, then to r-z/,
  },

  "a success of which the run failed": {
    story: withRunEnd(a, "a's run ended", "False"),
    breaks: ["I6"],
    says: /is Completed, and its run was failed/,
  },
  "a failure of which the run succeeded": {
    story: withRunEnd(failing, "a's run ended", "True"),
    breaks: ["I6"],
    says: /is Failed, and its run is succeeded/,
  },
  "other times than those of the run": {
    story: withStatus(a, "a ended", { completionTime: time(5) }),
    breaks: ["I6"],
    says: /ended at 2026-03-01T10:00:05Z, its run at 2026-03-01T10:00:09Z/,
  },
  "another beginning than that of the run": {
    story: withStatus(a, "a ended", { startTime: time(1) }),
    breaks: ["I6"],
    says: /began at 2026-03-01T10:00:01Z, its run at 2026-03-01T10:00:03Z/,
  },
  "a cancelled execution of which the run failed": {
    story: withStatus(failing, "a ended", { outcome: "Cancelled" }),
    breaks: ["I6"],
    says: /ended as Cancelled, and its run is failed/,
  },
  "an end that is told before the run's": {
    story: withStatus(a, "a ended", { conditions: [{ ...FINISHED, lastTransitionTime: time(7) }] }),
    breaks: ["I6"],
    says: /was finished before its run ended/,
  },
  "a skip of an execution whose run was started": {
    story: withStatus(without(a, "a running"), "a ended", { phase: "Skipped", outcome: "n/a" }),
    breaks: ["I6"],
    says: /is Skipped, and a run of it was started/,
  },
  "a failure as if nothing had run, although a step had started": {
    story: withStatus(failing, "a ended", { failureDetails: { ...failureAt(9), wasExecutionFailure: false } }),
    breaks: ["I6"],
    says: /as if nothing had run/,
  },
  "a failure because the run was deleted, although it is there": {
    story: withStatus(failing, "a ended", { reason: "ExternallyDeleted" }),
    breaks: ["I6"],
    says: /says that its run was deleted/,
  },

  "a block that is lost": {
    story: [
      ...failing,
      ...withLock([told(failing, "a gives the lock back")], "a gives the lock back", { workflows: [] }),
    ],
    breaks: ["history"],
    says: /lost the block of workflow restart/,
  },
  "a lock that is removed together with a block": {
    story: [...failing, gone(failing, "a gives the lock back")],
    breaks: ["history"],
    says: /lost the block of workflow restart/,
  },
  "a cooldown that is lost": {
    story: [...a, ...withLock([told(a, "a gives the lock back")], "a gives the lock back", { workflows: [] })],
    breaks: ["history"],
    says: /lost the cooldown of workflow restart/,
  },
  "a success that the lock doesn't remember": {
    story: withLock(a, "a gives the lock back", { workflows: [] }),
    breaks: ["history"],
    says: /was given back without the cooldown of workflow restart/,
  },
  "a failure that the lock doesn't remember": {
    story: withLock(failing, "a gives the lock back", { workflows: [] }),
    breaks: ["history"],
    says: /was given back without the block of workflow restart/,
  },
  "a workflow that is started although it is blocked": {
    story: [...failing, ...aLife(again)],
    breaks: ["history"],
    says: /was started although workflow restart was blocked there/,
  },
  "a workflow whose bundle is blocked, under another name": {
    story: [...failing, ...aLife({ ...again, workflowId: "other", bundle: "restart" })],
    breaks: ["history"],
    says: /was started although workflow restart was blocked there/,
  },
  "a workflow that is started in its backoff": {
    story: [...failing, ...aLife({ ...B, remembered: [{ workflowId: "restart", nextAllowedAt: time(200) }] })],
    breaks: ["history"],
    says: /was started although workflow restart had to wait until/,
  },
};

describe("a history is refused for", () => {
  for (const [what, { story, breaks, says }] of Object.entries(WRONG)) {
    it(what, () => {
      const { violations } = checkHistory(asHistory(story), { cooldownMs: COOLDOWN_MS });
      const lines = violations.map(renderViolation).join("\n");
      const invariants = [...new Set(violations.map(({ invariant }) => invariant))].sort();
      assert.deepEqual(invariants, breaks, lines);
      assert.match(lines, says);
    });
  }
});
