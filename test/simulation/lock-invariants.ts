import type { TargetLock, WorkflowHistory } from "../../pkg/api/target-lock.ts";
import type { World } from "./world.ts";

interface LockChange {
  readonly before: TargetLock | undefined;
  readonly after: TargetLock;
}

/** I5 for locks: each taking is a new epoch, and the history forgets nothing that still counts. Throws Violation. */
export function checkLock(world: World, { before, after }: LockChange, now: number): void {
  checkTransition(world, { before, after });
  for (const entry of before?.spec.workflows ?? []) checkKept(world, { entry, after }, now);
}

function checkTransition(world: World, { before, after }: LockChange): void {
  const from = before?.spec.state ?? "Free";
  const to = after.spec.state;
  const epochs = after.spec.epoch - (before?.spec.epoch ?? 0);
  const isTaking = from === "Free" && to === "Held";
  world.must(epochs === (isTaking ? 1 : 0), "I5", `epoch +${String(epochs)} from ${from} to ${to}`);
  const isKnown = isTaking || to === "Free" || (from === "Held" && to === "Bound");
  world.must(isKnown, "I5", `the lock went from ${from} to ${to}`);
}

interface Kept {
  readonly entry: WorkflowHistory;
  readonly after: TargetLock;
}

function checkKept(world: World, { entry, after }: Kept, now: number): void {
  const kept = after.spec.workflows?.find(({ workflowId }) => workflowId === entry.workflowId);
  const keepsBlock = entry.blockedBy === undefined || kept?.blockedBy !== undefined;
  world.must(keepsBlock, "history", `the block of ${entry.workflowId} was lost`);
  const end = Date.parse(entry.cooldownEndsAt ?? "");
  const keepsCooldown = !(end > now) || Date.parse(kept?.cooldownEndsAt ?? "") >= end;
  world.must(keepsCooldown, "history", `the cooldown of ${entry.workflowId} was lost`);
}
