import type { Change } from "../change.ts";
import { nameOf, type Ledger, type ObjectName } from "../ledger.ts";
import type { Judge } from "../moment.ts";

interface Binding {
  readonly execution: ObjectName;
  readonly run: string;
  readonly revision: number;
}

/** I2: an execution is bound to at most one run, ever, and no run to two executions. */
export function judgeBindings(ledger: Ledger): Judge {
  const byExecution = new Map<string, Binding>();
  const byRun = new Map<string, Binding>();
  return ({ change }) => {
    const binding = bindingOf(change);
    if (binding === undefined) return;
    const { execution, run } = binding;
    const first = byExecution.get(execution.uid);
    const other = byRun.get(run);
    if (first === undefined) ledger.count("bindings");
    byExecution.set(execution.uid, binding);
    byRun.set(run, other ?? binding);
    if (first !== undefined && first.run !== run) {
      breach(ledger, binding, first, `was bound to run ${first.run} and then to run ${run}`);
    }
    if (other !== undefined && other.execution.uid !== execution.uid) {
      breach(ledger, binding, other, `was bound to run ${run}, and so was another`);
    }
  };
}

function bindingOf(change: Change): Binding | undefined {
  if (change.kind !== "execution" || change.after === undefined) return undefined;
  const run = change.after.status?.executionRef?.uid;
  if (run === undefined) return undefined;
  return { execution: nameOf("execution", change.after), run, revision: change.revision };
}

function breach(ledger: Ledger, now: Binding, earlier: Binding, what: string): void {
  const objects = now.execution.uid === earlier.execution.uid ? [now.execution] : [now.execution, earlier.execution];
  ledger.violate({
    invariant: "I2",
    revisions: [now.revision, earlier.revision],
    objects,
    sentence: `execution ${now.execution.name} ${what}`,
  });
}
