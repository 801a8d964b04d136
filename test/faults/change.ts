import type { Pod } from "../../pkg/api/core.ts";
import type { KubernetesObject } from "../../pkg/api/meta.ts";
import type { TargetLock } from "../../pkg/api/target-lock.ts";
import type { CustomRun, PipelineRun, TaskRun } from "../../pkg/api/tekton.ts";
import type { WorkflowExecution } from "../../pkg/api/workflow-execution.ts";
import { HistoryError, kindOfKey, type HistoryEntry, type JudgedKind } from "./history-entry.ts";

/** The judged objects by kind. */
export interface Judged {
  readonly execution: WorkflowExecution;
  readonly lock: TargetLock;
  readonly run: PipelineRun;
  readonly taskRun: TaskRun;
  readonly customRun: CustomRun;
  readonly pod: Pod;
}

interface ChangeOf<K extends JudgedKind> {
  readonly kind: K;
  readonly revision: number;
  readonly uid: string;
  /** Undefined where it was created. */
  readonly before: Judged[K] | undefined;
  /** Undefined where it was removed. */
  readonly after: Judged[K] | undefined;
  /** Its state now; of a removed one, the last. */
  readonly object: Judged[K];
}

/** One write to one object, with what it replaced. */
export type Change<K extends JudgedKind = JudgedKind> = { [Kind in K]: ChangeOf<Kind> }[K];

/** A history as changes. Throws HistoryError where entries are out of order or missing. */
export function* changesIn(history: Iterable<HistoryEntry>): Generator<Change> {
  const last = new Map<string, KubernetesObject>();
  let newest = 0;
  for (const entry of history) {
    const { key, revision } = entry;
    if (revision < newest) throw new HistoryError(`revision ${String(revision)} comes after ${String(newest)}`);
    newest = revision;
    const kind = kindOfKey(key);
    if (kind === undefined) continue;
    const before = last.get(key);
    const after = entry.deleted ? undefined : entry.object;
    if (after === undefined) last.delete(key);
    else last.set(key, after);
    yield changeOf(kind, entry, { before, after });
  }
}

interface States {
  readonly before: KubernetesObject | undefined;
  readonly after: KubernetesObject | undefined;
}

function changeOf(kind: JudgedKind, { key, revision }: HistoryEntry, { before, after }: States): Change {
  const object = after ?? before;
  const uid = object?.metadata.uid;
  const where = `${key} at revision ${String(revision)}`;
  if (object === undefined || uid === undefined) throw new HistoryError(`${where} was removed and never there`);
  if (before !== undefined && before.metadata.uid !== uid) {
    throw new HistoryError(`${where} is another object, and the first was never removed`);
  }
  return { kind, revision, uid, before, after, object } as Change;
}
