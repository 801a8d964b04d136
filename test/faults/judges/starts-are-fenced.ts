import { lockNameOfHash } from "../../../pkg/lock/lock-name.ts";
import type { TargetLock } from "../../../pkg/api/target-lock.ts";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import { nameOf, type Invariant, type Ledger } from "../ledger.ts";
import type { Judge, Moment, Started } from "../moment.ts";

/**
 * I1, I2, I5 at the start: only the run that its execution is bound to is ever started, only while that execution holds
 * the target, and under the fencing number that its status says.
 */
export function judgeStarts(ledger: Ledger): Judge {
  const startedRuns = new Map<string, Started>();
  return ({ started, scene }) => {
    if (started === undefined) return;
    ledger.count("starts");
    const execution = scene.get("execution", started.execution);
    const lock = scene.lockNamed(lockNameOfHash(started.target));
    checkOnly(ledger, started, startedRuns);
    if (execution === undefined || execution.isGone) breach(ledger, started, "I2", "was started for no execution");
    else checkBound(ledger, started, execution.object);
    checkHeld(ledger, started, lock?.object);
    checkFence(ledger, started, execution?.object, lock?.object);
  };
}

function checkOnly(ledger: Ledger, started: Started, startedRuns: Map<string, Started>): void {
  const first = startedRuns.get(started.execution);
  startedRuns.set(started.execution, first ?? started);
  if (first === undefined) return;
  ledger.violate({
    invariant: "I2",
    revisions: [started.change.revision, first.change.revision],
    objects: [nameOf("run", started.change.object), nameOf("run", first.change.object)],
    sentence: `a second run was started for execution ${started.execution}`,
  });
}

function checkBound(ledger: Ledger, started: Started, { status }: WorkflowExecution): void {
  const bound = status?.executionRef?.uid;
  if (bound === started.change.uid) return;
  breach(ledger, started, "I2", `was started while its execution was bound to run ${bound ?? "none"}`);
}

function checkHeld(ledger: Ledger, started: Started, lock: TargetLock | undefined): void {
  const { holder, run } = lock?.spec ?? {};
  if (holder?.uid !== started.execution) {
    breach(ledger, started, "I1", `was started while ${holder?.uid ?? "nobody"} held its target`);
  } else if (run !== undefined && run.uid !== started.change.uid) {
    breach(ledger, started, "I1", `was started while the lock of its target was bound to run ${run.uid}`);
  }
}

function checkFence(
  ledger: Ledger,
  started: Started,
  execution: WorkflowExecution | undefined,
  lock: TargetLock | undefined,
): void {
  const ref = execution?.status?.locks?.[0];
  if (ref === undefined || lock === undefined) return;
  if (ref.uid === lock.metadata.uid && ref.name === lock.metadata.name && ref.epoch === lock.spec.epoch) return;
  const told = `${ref.name} (${ref.uid}) epoch ${String(ref.epoch)}`;
  breach(ledger, started, "I5", `was started under ${told}, but that is not how its target is locked`);
}

function breach(
  ledger: Ledger,
  { change, execution }: Moment["started"] & object,
  invariant: Invariant,
  what: string,
): void {
  ledger.violate({
    invariant,
    revisions: [change.revision],
    objects: [nameOf("run", change.object)],
    sentence: `run ${change.object.metadata.name} of execution ${execution} ${what}`,
  });
}
