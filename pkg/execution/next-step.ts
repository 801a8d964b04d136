import { addFinalizer } from "./rules/finalizer.ts";
import { clearBlock } from "./rules/clear-block.ts";
import { closedByAudit } from "./rules/closed-by-audit.ts";
import { deleting } from "./rules/deleting.ts";
import { lookAtDoubtful } from "./rules/doubtful.ts";
import { finished } from "./rules/finished.ts";
import { followRun } from "./rules/follow-run.ts";
import { bindRun, createRun, startRun, writeAhead } from "./rules/prepare-run.ts";
import { stopRun } from "./rules/stop-run.ts";
import { cancelled } from "./rules/take-back.ts";
import { takeTarget } from "./rules/take-target.ts";
import { tooLate } from "./rules/too-late.ts";
import { troubled } from "./rules/troubled.ts";
import { unsupported } from "./rules/unsupported.ts";
import { nextLockStep } from "./lock-rules/next-lock-step.ts";
import type { Policy } from "./policy.ts";
import { caseOf } from "./case-of.ts";
import type { Rule } from "./rule.ts";
import type { ExecutionSnapshot, Snapshot } from "./snapshot.ts";
import { DONE, type Step } from "./step.ts";

/** The life of a WorkflowExecution. The first rule that answers wins. */
const RULES: readonly Rule[] = [
  clearBlock,
  deleting,
  finished,
  troubled,
  addFinalizer,
  cancelled,
  tooLate,
  unsupported,
  closedByAudit,
  takeTarget,
  createRun,
  bindRun,
  writeAhead,
  startRun,
  stopRun,
  followRun,
];

/** Decides what to do next: the whole behaviour of the product is this function. Pure. */
export function nextStep(snapshot: Snapshot, policy: Policy): Step {
  return snapshot.kind === "lock" ? nextLockStep(snapshot, policy) : nextExecutionStep(snapshot, policy);
}

function nextExecutionStep(s: ExecutionSnapshot, policy: Policy): Step {
  const doubt = lookAtDoubtful(s, policy);
  if (doubt !== undefined) return doubt;
  const w = s.execution.value;
  if (w === undefined) return DONE;
  const c = caseOf(s, w, policy);
  for (const rule of RULES) {
    const step = rule(c);
    if (step !== undefined) return step;
  }
  return DONE;
}
