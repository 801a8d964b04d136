import type { TargetLock, WorkflowHistory } from "../../../pkg/api/target-lock.ts";
import { lockNameOfHash } from "../../../pkg/lock/lock-name.ts";
import { askedBundle, type AskedBundle } from "../../../pkg/tekton/bundle.ts";
import { writtenAt } from "../actors.ts";
import type { Change } from "../change.ts";
import { nameOf, type Ledger } from "../ledger.ts";
import type { Judge, Started } from "../moment.ts";
import type { Scene } from "../scene.ts";

/** A block stays in the record until somebody has cleared it on record, and nothing that is blocked is started. */
export function judgeBlocks(ledger: Ledger): Judge {
  return ({ change, scene, started }) => {
    if (change.kind === "lock" && change.before !== undefined) checkKept(ledger, change, scene);
    if (started !== undefined) checkStart(ledger, started, scene);
  };
}

function checkKept(ledger: Ledger, change: Change<"lock">, scene: Scene): void {
  let cleared = newClearings(change);
  for (const { workflowId, blockedBy } of lostBlocks(change)) {
    if (isClearedByExecution(scene, blockedBy.uid)) {
      ledger.count("clearings");
    } else if (cleared > 0) {
      cleared -= 1;
      ledger.count("clearings");
    } else {
      ledger.violate({
        invariant: "history",
        revisions: [change.revision],
        objects: [nameOf("lock", change.object), { kind: "execution", name: blockedBy.name, uid: blockedBy.uid }],
        sentence: `lock ${change.object.metadata.name} lost the block of workflow ${workflowId} without a clearing on record`,
      });
    }
  }
}

type Blocked = WorkflowHistory & Required<Pick<WorkflowHistory, "blockedBy">>;

function lostBlocks({ before, after }: Change<"lock">): readonly Blocked[] {
  const blocked = (before?.spec.workflows ?? []).filter((entry): entry is Blocked => entry.blockedBy !== undefined);
  return blocked.filter(({ workflowId, blockedBy }) => blockOf(after, workflowId) !== blockedBy.uid);
}

function isClearedByExecution(scene: Scene, uid: string): boolean {
  return scene.get("execution", uid)?.object.status?.blockClearance !== undefined;
}

function blockOf(lock: TargetLock | undefined, workflowId: string): string | undefined {
  return lock?.spec.workflows?.find((entry) => entry.workflowId === workflowId)?.blockedBy?.uid;
}

const CLEARED = "workflowexecution.block.cleared";

/** How many clearings a write has put into the lock's own outbox. */
function newClearings({ before, after }: Change<"lock">): number {
  const known = new Set((before?.spec.audit?.pending ?? []).map(({ ordinal }) => ordinal));
  const now = after?.spec.audit?.pending ?? [];
  return now.filter(({ type, ordinal }) => type === CLEARED && !known.has(ordinal)).length;
}

function checkStart(ledger: Ledger, started: Started, scene: Scene): void {
  const execution = scene.get("execution", started.execution)?.object;
  const lock = scene.lockNamed(lockNameOfHash(started.target))?.object;
  if (execution === undefined || lock === undefined) return;
  const { workflowRef } = execution.spec;
  const asked = { workflowId: workflowRef.workflowId, bundle: askedBundle(workflowRef) };
  const startedAt = writtenAt(started.change.object) ?? Infinity;
  for (const entry of lock.spec.workflows ?? []) {
    const obstacle = obstacleFor(asked, entry, startedAt);
    if (obstacle === undefined) continue;
    const { object, revision } = started.change;
    ledger.violate({
      invariant: "history",
      revisions: [revision],
      objects: [nameOf("run", object), nameOf("lock", lock)],
      sentence: `run ${object.metadata.name} was started although workflow ${entry.workflowId} ${obstacle}`,
    });
  }
}

interface Asked {
  readonly workflowId: string;
  readonly bundle: AskedBundle;
}

/** The writer's clock is an estimate of the server's, and the server's is cut off to seconds. */
const CLOCK_ERROR_MS = 1000;

function obstacleFor(asked: Asked, entry: WorkflowHistory, startedAt: number): string | undefined {
  const isSame = entry.workflowId === asked.workflowId;
  if (entry.blockedBy !== undefined && (isSame || isSameBundle(entry, asked.bundle))) return "was blocked there";
  const allowedAt = Date.parse(entry.nextAllowedAt ?? "");
  return isSame && startedAt + CLOCK_ERROR_MS < allowedAt
    ? `had to wait until ${String(entry.nextAllowedAt)}`
    : undefined;
}

/** Only the failure of a run says something of its bundle. */
function isSameBundle({ bundle, blockedBy }: WorkflowHistory, asked: AskedBundle): boolean {
  if (blockedBy?.reason !== "PreviousExecutionFailed" || bundle?.digest === undefined) return false;
  return bundle.digest === asked.digest && bundle.repository === asked.repository;
}
