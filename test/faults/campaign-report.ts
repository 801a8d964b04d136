import type { WorkflowExecution } from "../../pkg/api/workflow-execution.ts";
import type { Campaign } from "./campaign.ts";
import { changesIn } from "./change.ts";
import type { HistoryEntry } from "./history-entry.ts";
import type { Counts } from "./ledger.ts";

/** How often executions ended in which way: `Completed`, `Skipped/ResourceBusy`, …; the last state of each counts. */
export function endingsIn(history: readonly HistoryEntry[]): ReadonlyMap<string, number> {
  const last = new Map<string, WorkflowExecution>();
  for (const change of changesIn(history)) if (change.kind === "execution") last.set(change.uid, change.object);
  const counts = new Map<string, number>();
  for (const { status } of last.values()) {
    const phase = status?.phase ?? "Pending";
    const ending = phase === "Completed" ? phase : `${phase}/${status?.reason ?? ""}`;
    counts.set(ending, (counts.get(ending) ?? 0) + 1);
  }
  return counts;
}

/** The campaign for people. */
export function renderCampaign({ plan, history, seconds, ...acts }: Campaign, checked: Counts): string {
  const { paused, resumed, killed, cleared, deletedExecutions, deletedRuns } = acts;
  const executions = plan.bursts.flat().length;
  const done = {
    ...{ paused, resumed, killed, "blocks cleared": cleared },
    ...{ "executions deleted": deletedExecutions, "runs deleted": deletedRuns },
  };
  return [
    `seed ${String(plan.seed)}: ${String(plan.controllers)} controllers, ${String(executions)} executions in ${String(plan.bursts.length)} bursts, ${seconds.toFixed(0)} s`,
    `  acts        ${list(Object.entries(done))}`,
    `  executions  ${list([...endingsIn(history)].toSorted())}`,
    `  history     up to revision ${String(history.at(-1)?.revision ?? 0)}, ${String(history.length)} states of judged objects`,
    `  checked     ${list(Object.entries(checked))}`,
  ].join("\n");
}

function list(counts: readonly (readonly [string, number])[]): string {
  return counts.map(([what, count]) => `${what} ${String(count)}`).join(", ");
}
