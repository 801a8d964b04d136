/**
 * Judges a recorded history by the promises of the target lock: at every moment at most one run can act on a target, an
 * execution never gets a second run, and what was decided is never taken back.
 */
import { LABEL_EXECUTION_UID, LABEL_TARGET_HASH } from "../../../pkg/api/labels.ts";
import type { KubernetesObject } from "../../../pkg/api/meta.ts";
import { isPodAlive } from "../../../pkg/tekton/alive.ts";
import { isDone, isStarted } from "../../../pkg/tekton/run-state.ts";
import { changesOf, inOrder, type Change } from "./change.ts";

const LABEL_RUN_UID = "tekton.dev/pipelineRunUID";

/**
 * Every moment at which something of two runs could act on one target, in words; empty is what is promised. Where the
 * caller knows better than the product's own label what the target of an object is, `targetOf` says it.
 */
export function overlaps(
  changes: readonly Change[],
  targetOf: (object: KubernetesObject) => string = labelledTarget,
): readonly string[] {
  const acting = new Map<string, Actor>();
  const found: string[] = [];
  for (const change of inOrder(changes)) {
    const actor = actorOf(change, targetOf);
    if (actor === undefined) continue;
    if (!canAct(change)) acting.delete(actor.key);
    else if (!acting.has(actor.key)) {
      const other = [...acting.values()].find(({ target, run }) => target === actor.target && run !== actor.run);
      if (other !== undefined) found.push(`target ${actor.target}: ${actor.key} while ${other.key} could still act`);
      acting.set(actor.key, actor);
    }
  }
  return found;
}

/** The uids of an execution's runs that ever left Pending. */
export function startedRuns(changes: readonly Change[], executionUid: string): ReadonlySet<string> {
  const started = changesOf("run", changes).filter(({ object }) => isOf(object, executionUid) && isStarted(object));
  return new Set(started.map(({ object }) => object.metadata.uid ?? ""));
}

/** The uids of all objects of a kind that ever carried an execution's label. */
export function everSeen(
  kind: "run" | "taskRun" | "pod",
  changes: readonly Change[],
  executionUid: string,
): ReadonlySet<string> {
  const ours = changesOf(kind, changes).filter(({ object }) => isOf(object, executionUid));
  return new Set(ours.map(({ object }) => object.metadata.uid ?? ""));
}

/** What of an execution could still act in the end, by kind and name. */
export function stillActing(changes: readonly Change[], executionUid: string): readonly string[] {
  const last = new Map<string, Change>();
  for (const change of inOrder(changes)) last.set(change.object.metadata.uid ?? "", change);
  const ours = [...last.values()].filter(
    (change) => actorOf(change) !== undefined && isOf(change.object, executionUid),
  );
  return ours.filter(canAct).map(({ kind, object }) => `${kind} ${object.metadata.name}`);
}

interface Actor {
  readonly key: string;
  readonly target: string;
  /** The PipelineRun's uid. */
  readonly run: string;
}

function labelledTarget({ metadata }: KubernetesObject): string {
  return metadata.labels?.[LABEL_TARGET_HASH] ?? "";
}

function actorOf({ kind, object }: Change, targetOf = labelledTarget): Actor | undefined {
  if (kind === "execution" || kind === "lock") return undefined;
  const { name, uid = "", labels = {} } = object.metadata;
  const run = kind === "run" ? uid : (labels[LABEL_RUN_UID] ?? "");
  return { key: `${kind} ${name} (${uid})`, target: targetOf(object), run };
}

/** Whether containers of it may run, now or later, without anybody doing anything more. */
function canAct(change: Change): boolean {
  if (change.type === "DELETED") return false;
  if (change.kind === "pod") return isPodAlive(change.object);
  if (change.kind === "taskRun") return !isDone(change.object);
  return change.kind === "run" && isStarted(change.object) && !isDone(change.object);
}

function isOf(object: KubernetesObject, executionUid: string): boolean {
  return object.metadata.labels?.[LABEL_EXECUTION_UID] === executionUid;
}
