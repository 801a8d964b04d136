import { LABEL_EXECUTION_UID } from "../api/labels.ts";
import { firstNotFresh, type Snapshot } from "./snapshot.ts";
import type { LookAt, LookObject, Step } from "./step.ts";

/** All that carries the label of an execution. The runs first: what they can still make is made before the rest is read. */
export const CHILDREN: readonly LookObject[] = ["runs", "taskRuns", "customRuns", "pods"];
/** The run last: if it is still there then, nothing of it was taken away before. A run that is done makes nothing more. */
export const CHILDREN_FIRST: readonly LookObject[] = ["taskRuns", "customRuns", "pods", "runs"];

/** The first of these objects that must still be read for this decision, as a step; undefined where all are fresh. */
export function lookAtFirst(s: Snapshot, objects: readonly LookObject[], namespace: string): Step | undefined {
  const object = firstNotFresh(s, objects);
  return object === undefined ? undefined : look(s, object, namespace);
}

/** Reads one object, or the labelled ones of one kind in that namespace, anew. */
export function look(s: Snapshot, object: LookObject, namespace: string): Step {
  return { type: "Look", object, at: whereIs(s, object, namespace) };
}

function whereIs(s: Snapshot, object: LookObject, namespace: string): LookAt {
  if (object === "kinds") return { by: "discovery" };
  if (object === "execution") return { by: "name", ...executionRef(s) };
  if (object === "lock") return { by: "name", name: s.lockName ?? "" };
  return { by: "label", namespace, labelSelector: `${LABEL_EXECUTION_UID}=${executionUid(s)}` };
}

/** A lock's execution is its holder. */
function executionRef(s: Snapshot): { readonly namespace?: string; readonly name: string } {
  if (s.kind === "execution") return s.ref;
  const { namespace = "", name = "" } = s.lock.value?.spec.holder ?? {};
  return { namespace, name };
}

/** Uid of the execution whose children are in the snapshot: the key's own, or the lock's holder; "" where there is none. */
export function executionUid(s: Snapshot): string {
  const uid = s.kind === "execution" ? s.execution.value?.metadata.uid : s.lock.value?.spec.holder?.uid;
  return uid ?? "";
}
