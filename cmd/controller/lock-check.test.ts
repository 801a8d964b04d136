import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WorkflowExecution } from "../../pkg/api/workflow-execution.ts";
import type { TakenStep } from "../../pkg/controller/reconcile.ts";
import type { Looked } from "../../pkg/execution/result.ts";
import { aSnapshot } from "../../test/support/builders/a-snapshot.ts";
import { aTargetLock } from "../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import { after } from "../../test/support/builders/moments.ts";
import { lockCheckSeconds } from "./lock-check.ts";

/** The steps of one reconcile of that execution, each a second after the one before and a second long. */
function checksOf(execution: WorkflowExecution, steps: readonly Pick<TakenStep, "step" | "result">[]): unknown[] {
  const first = aSnapshot({ execution, lock: aTargetLock() });
  return steps.map((taken, n) => lockCheckSeconds({ ...taken, seconds: 1, snapshot: { ...first, now: after(n) } }));
}

function look(looked: Looked): Pick<TakenStep, "step" | "result"> {
  const at = { by: "name", name: "any" } as const;
  return { step: { type: "Look", object: looked.object, at }, result: { type: "looked", looked } };
}

const lookAtLock = look({ object: "lock", name: "any", value: aTargetLock() });
const lookAtExecution = look({ object: "execution", value: aWorkflowExecution() });
const write: Pick<TakenStep, "step" | "result"> = {
  step: { type: "WriteStatus", execution: aWorkflowExecution() },
  result: { type: "wroteExecution", execution: aWorkflowExecution() },
};

describe("the seconds of a lock check", () => {
  it("end with what was read last, the execution included", () => {
    const steps = [lookAtLock, lookAtExecution, write];
    assert.deepEqual(checksOf(aWorkflowExecution(), steps), [undefined, undefined, 2]);
  });

  it("aren't there where only the execution was read", () => {
    assert.deepEqual(checksOf(aWorkflowExecution(), [lookAtExecution, write]), [undefined, undefined]);
  });

  it("aren't there where an execution that has ended looks at its lock", () => {
    const ended = { ...aWorkflowExecution(), status: { phase: "Completed" } as const };
    assert.deepEqual(checksOf(ended, [lookAtLock, write]), [undefined, undefined]);
  });
});
