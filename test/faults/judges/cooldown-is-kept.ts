import { toTimestamp } from "../../../pkg/api/time.ts";
import { writtenAt } from "../actors.ts";
import type { Change } from "../change.ts";
import { endedAt } from "../ended-at.ts";
import { HistoryError } from "../history-entry.ts";
import { nameOf, type Ledger, type ObjectName } from "../ledger.ts";
import type { Judge, Started } from "../moment.ts";

interface Success {
  readonly execution: ObjectName;
  readonly revision: number;
  /** Server time of its end as its status says, in whole seconds, cut off (ms). */
  readonly completedAt: number;
}

/**
 * I4: after a success the same workflow is not started again on the same target before the cooldown is over. The start is
 * when the API server accepted it. Both times are cut off to seconds, so a cooldown of whole seconds shows no false breach.
 */
export function judgeCooldowns(ledger: Ledger, cooldownMs: number): Judge {
  const successes = new Map<string, Success[]>();
  return ({ change, scene, started }) => {
    const success = successOf(change);
    if (success !== undefined) {
      const { object } = change as Change<"execution">;
      push(successes, placeOf(object.status?.locks?.[0]?.name, object.spec.workflowRef.workflowId), success);
    }
    if (started === undefined) return;
    const workflowId = scene.get("execution", started.execution)?.object.spec.workflowRef.workflowId;
    const earlier = successes.get(placeOf(`target-${started.target}`, workflowId)) ?? [];
    for (const last of earlier) check(ledger, started, last, cooldownMs);
  };
}

function check(ledger: Ledger, { change }: Started, last: Success, cooldownMs: number): void {
  const startedAt = writtenAt(change.object);
  if (startedAt === undefined)
    throw new HistoryError(`nothing says when run ${change.object.metadata.name} was started`);
  ledger.count("cooldowns");
  const allowedAt = last.completedAt + cooldownMs;
  if (startedAt >= allowedAt) return;
  const times = `started at ${toTimestamp(startedAt)}, allowed from ${toTimestamp(allowedAt)}`;
  ledger.violate({
    invariant: "I4",
    revisions: [change.revision, last.revision],
    objects: [nameOf("run", change.object), last.execution],
    sentence: `run ${change.object.metadata.name} was started in the cooldown after ${last.execution.name}: ${times}`,
  });
}

function successOf(change: Change): Success | undefined {
  if (change.kind !== "execution" || change.before?.status?.phase === "Completed") return undefined;
  const { status } = change.after ?? {};
  if (status?.phase !== "Completed") return undefined;
  const completedAt = endedAt(status);
  if (Number.isNaN(completedAt)) throw new HistoryError(`nothing says when execution ${change.uid} was Completed`);
  return { execution: nameOf("execution", change.object), revision: change.revision, completedAt };
}

function placeOf(lock: string | undefined, workflowId: string | undefined): string {
  return `${lock ?? ""} ${workflowId ?? ""}`;
}

function push(successes: Map<string, Success[]>, place: string, success: Success): void {
  const there = successes.get(place);
  if (there === undefined) successes.set(place, [success]);
  else there.push(success);
}
