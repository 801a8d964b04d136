import { isTerminal } from "../../../pkg/execution/conditions.ts";
import type { Actor } from "../actors.ts";
import type { Change } from "../change.ts";
import { nameOf, type Ledger, type ObjectName } from "../ledger.ts";
import type { Judge } from "../moment.ts";

interface End {
  readonly execution: ObjectName;
  readonly revision: number;
  /** "ended" or "was deleted". */
  readonly how: string;
}

/** I3: once an execution has ended or is gone, nothing of it can act, then or ever after. */
export function judgeEndings(ledger: Ledger): Judge {
  const ends = new Map<string, End>();
  return ({ change, actors, began }) => {
    const end = endOf(change, ends);
    if (end !== undefined) {
      ledger.count("endings");
      ends.set(end.execution.uid, end);
      for (const actor of actors.ofExecution(end.execution.uid)) breach(ledger, end, actor, "while");
    }
    const before = began === undefined ? undefined : ends.get(began.execution);
    if (began !== undefined && before !== undefined) breach(ledger, before, began, "and afterwards");
  };
}

function endOf(change: Change, ends: ReadonlyMap<string, End>): End | undefined {
  if (change.kind !== "execution" || ends.has(change.uid)) return undefined;
  const execution = nameOf("execution", change.object);
  if (change.after === undefined) return { execution, revision: change.revision, how: "was deleted" };
  const { phase } = change.after.status ?? {};
  return isTerminal(phase) ? { execution, revision: change.revision, how: `ended as ${phase ?? ""}` } : undefined;
}

function breach(ledger: Ledger, { execution, revision, how }: End, actor: Actor, relation: string): void {
  const revisions = relation === "while" ? [revision, actor.since] : [actor.since, revision];
  ledger.violate({
    invariant: "I3",
    revisions,
    objects: [execution, actor.object],
    sentence: `execution ${execution.name} ${how} ${relation} ${actor.object.kind} ${actor.object.name} of it could act`,
  });
}
