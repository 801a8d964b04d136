import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { aTargetLock } from "../../test/support/builders/a-target-lock.ts";
import { after } from "../../test/support/builders/moments.ts";
import type { WorkflowHistory } from "../api/target-lock.ts";
import { blockedWorkflows, withoutBlock } from "./block.ts";
import { backoffEnd, cooldownEnd, historyOf, isFullOfBlocks, withOutcome, type HolderOutcome } from "./history.ts";

const POLICY = { cooldownMs: 300_000, backoffBaseMs: 60_000, backoffMaxMs: 600_000, maxConsecutiveFailures: 3 };
const EFFECTS = ["Completed", "ExecutionFailed", "PreExecutionFailed", "NotCounted", "Unknown"] as const;

/** What happens on a target: an execution of a workflow ends, or somebody clears the workflow's block. */
type Act =
  | { readonly type: "end"; readonly workflowId: string; readonly effect: HolderOutcome["effect"]; readonly ms: number }
  | { readonly type: "clear"; readonly workflowId: string; readonly ms: number };

const workflowId = fc.constantFrom("a", "b", "c");
const ms = fc.nat(400_000);
const ends = fc.record({ type: fc.constant("end"), workflowId, effect: fc.constantFrom(...EFFECTS), ms } as const);
const clears = fc.record({ type: fc.constant("clear"), workflowId, ms } as const);
const lives = fc.array(fc.oneof({ arbitrary: ends, weight: 5 }, { arbitrary: clears, weight: 1 }), { maxLength: 40 });

interface State {
  readonly workflows: readonly WorkflowHistory[];
  readonly now: number;
}

function acted({ workflows, now: before }: State, act: Act, n: number): State {
  const now = before + act.ms;
  if (act.type === "clear") return { workflows: withoutBlock(workflows, act.workflowId), now };
  const execution = { namespace: "n", name: `x${String(n)}`, uid: `uid-${String(n)}` };
  const { effect } = act;
  const ended = { workflowId: act.workflowId, execution, outcome: "Unknown", effect, completedAt: now } as const;
  return { workflows: withOutcome(workflows, ended, POLICY, now), now };
}

/** Calls `check` for every act of a life, with the history before and after it. */
function live(acts: readonly Act[], check: (before: State, act: Act, next: State) => void): void {
  let state: State = { workflows: [], now: after(0) };
  for (const [n, act] of acts.entries()) {
    const next = acted(state, act, n);
    check(state, act, next);
    state = next;
  }
}

describe("a target's history, whatever happens on it,", () => {
  it("never loses or changes a block but by its clearing", () => {
    fc.assert(
      fc.property(lives, (acts) => {
        live(acts, (before, act, next) => {
          for (const { workflowId: id, blockedBy } of blockedWorkflows(before.workflows)) {
            const kept = recordIn(next, id)?.blockedBy;
            if (act.type === "clear" && act.workflowId === id) assert.equal(kept, undefined);
            else assert.deepEqual(kept, blockedBy);
          }
        });
      }),
    );
  });

  it("never allows a start earlier than it said, but after a clearing or a success", () => {
    fc.assert(
      fc.property(lives, (acts) => {
        live(acts, (before, act, next) => {
          const [old, lock] = [before, next].map(({ workflows }) => aTargetLock({ workflows }));
          for (const id of ["a", "b", "c"]) {
            const cooldown = cooldownEnd(old, id, next.now) ?? 0;
            assert.ok((cooldownEnd(lock, id, next.now) ?? 0) >= cooldown);
            const isReset = act.workflowId === id && (act.type === "clear" || isEndOfRow(act.effect));
            const backoff = isReset ? 0 : (backoffEnd(old, id, next.now) ?? 0);
            assert.ok((backoffEnd(lock, id, next.now) ?? 0) >= backoff);
          }
        });
      }),
    );
  });

  it("blocks a workflow exactly after it ran and failed, or failed too often in a row before it ran", () => {
    fc.assert(
      fc.property(lives, (acts) => {
        const inARow = new Map<string, number>();
        live(acts, (before, act, next) => {
          const id = act.workflowId;
          const failures = act.type === "end" ? counted(inARow.get(id) ?? 0, act.effect) : 0;
          inARow.set(id, failures);
          const known = recordIn(before, id)?.blockedBy;
          if (known === undefined && act.type === "end") {
            assert.equal(recordIn(next, id)?.blockedBy?.reason, expectedBlock(act.effect, failures));
          }
        });
      }),
    );
  });

  it("is never so full that a workflow which may start there would not fit", () => {
    const blocked = Array.from({ length: 256 }, (_, n) => `w${String(n)}`);
    const execution = { namespace: "n", name: "x", uid: "u" };
    let workflows: readonly WorkflowHistory[] = [];
    for (const id of blocked) {
      assert.ok(!isFullOfBlocks(aTargetLock({ workflows }), id));
      const ended = {
        workflowId: id,
        execution,
        outcome: "Failed",
        effect: "ExecutionFailed",
        completedAt: 0,
      } as const;
      workflows = withOutcome(workflows, ended, POLICY, after(0));
    }
    assert.equal(blockedWorkflows(workflows).length, 256);
    assert.ok(isFullOfBlocks(aTargetLock({ workflows }), "one-more"));
    assert.ok(!isFullOfBlocks(aTargetLock({ workflows }), "w7"));
    assert.ok(!isFullOfBlocks(aTargetLock({ workflows: withoutBlock(workflows, "w7") }), "one-more"));
  });
});

function isEndOfRow(effect: HolderOutcome["effect"]): boolean {
  return effect === "Completed" || effect === "ExecutionFailed";
}

function recordIn({ workflows }: State, workflowId: string): WorkflowHistory | undefined {
  return historyOf(aTargetLock({ workflows }), workflowId);
}

function expectedBlock(effect: HolderOutcome["effect"], failures: number): string | undefined {
  if (effect === "ExecutionFailed") return "PreviousExecutionFailed";
  return effect === "PreExecutionFailed" && failures >= POLICY.maxConsecutiveFailures ? "ExhaustedRetries" : undefined;
}

/** Failures in a row after one more end. */
function counted(before: number, effect: HolderOutcome["effect"]): number {
  if (isEndOfRow(effect)) return 0;
  return effect === "PreExecutionFailed" ? before + 1 : before;
}
