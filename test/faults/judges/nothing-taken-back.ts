import { isDeepStrictEqual } from "node:util";
import type { Phase, WorkflowExecutionStatus } from "../../../pkg/api/workflow-execution.ts";
import { isTerminal } from "../../../pkg/execution/conditions.ts";
import type { Change } from "../change.ts";
import { nameOf, type Ledger } from "../ledger.ts";
import type { Judge } from "../moment.ts";

const NEXT: Readonly<Record<Phase, readonly Phase[]>> = {
  Pending: ["Pending", "Running", "Completed", "Failed", "Skipped"],
  Running: ["Running", "Completed", "Failed"],
  Completed: ["Completed"],
  Failed: ["Failed"],
  Skipped: ["Skipped"],
};

type Field = keyof WorkflowExecutionStatus;

/** Set once, in any phase. */
const ONCE: readonly Field[] = ["executionRef", "pipelineRunRef", "locks", "blockClearance"];
/** What a terminal status says of the end; receipts and the release of the target are still written. */
const FINAL: readonly Field[] = [
  ...(["outcome", "startTime", "completionTime", "duration", "bundle"] as const),
  ...(["failureDetails", "failureReason", "skipDetails"] as const),
];

/** I5 for executions: phases only go forward, and what was decided stays. */
export function judgeDecisions(ledger: Ledger): Judge {
  return ({ change }) => {
    if (change.kind !== "execution") return;
    if (change.before === undefined) ledger.count("executions");
    if (change.before?.status === undefined || change.after === undefined) return;
    if (isDeepStrictEqual(change.before.status, change.after.status)) return;
    ledger.count("transitions");
    for (const what of breachesOf(change.before.status, change.after.status)) breach(ledger, change, what);
  };
}

function breachesOf(before: WorkflowExecutionStatus, after: WorkflowExecutionStatus | undefined): readonly string[] {
  if (after === undefined) return ["lost its status"];
  const fields = isTerminal(before.phase) ? [...ONCE, ...FINAL] : ONCE;
  const changed = fields.filter((field) => isTakenBack(before, after, field));
  const { phase } = before;
  return [
    ...(NEXT[phase].includes(after.phase) ? [] : [`went from ${phase} to ${after.phase}`]),
    ...changed.map((field) => `changed status.${field} after it was decided, as ${phase}`),
  ];
}

function isTakenBack(before: WorkflowExecutionStatus, after: WorkflowExecutionStatus, field: Field): boolean {
  const isDecided = before[field] !== undefined || !ONCE.includes(field);
  return isDecided && !isDeepStrictEqual(before[field], after[field]);
}

function breach(ledger: Ledger, { revision, object }: Change<"execution">, what: string): void {
  ledger.violate({
    invariant: "I5",
    revisions: [revision],
    objects: [nameOf("execution", object)],
    sentence: `execution ${object.metadata.name} ${what}`,
  });
}
