import { isDone } from "../../pkg/tekton/run-state.ts";
import type { Change } from "./change.ts";
import { HistoryError, type HistoryEntry } from "./history-entry.ts";
import { momentsIn, type Started } from "./moment.ts";

/**
 * The same history, but that one run goes on while the next one on its target is started: its end is left out. A checker
 * that doesn't see that sees nothing. Throws HistoryError where no target saw two runs.
 */
export function withOverlap(history: readonly HistoryEntry[]): readonly HistoryEntry[] {
  const { name } = firstSucceeded(history).change.object.metadata;
  const ends = new Set<number>();
  for (const { change } of momentsIn(history)) {
    if (change.kind === "run" && change.object.metadata.name === name && isOver(change)) ends.add(change.revision);
  }
  return history.filter(({ revision }) => !ends.has(revision));
}

/** The first start on a target on which another followed later. */
function firstSucceeded(history: readonly HistoryEntry[]): Started {
  const first = new Map<string, Started>();
  for (const { started } of momentsIn(history)) {
    if (started === undefined) continue;
    const earlier = first.get(started.target);
    if (earlier !== undefined) return earlier;
    first.set(started.target, started);
  }
  throw new HistoryError("no target saw two runs");
}

function isOver({ after }: Change<"run">): boolean {
  return after === undefined || isDone(after);
}
