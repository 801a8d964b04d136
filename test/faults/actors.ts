import type { KubernetesObject } from "../../pkg/api/meta.ts";
import { isPodAlive } from "../../pkg/tekton/alive.ts";
import { isDone, isStarted } from "../../pkg/tekton/run-state.ts";
import type { Change } from "./change.ts";
import type { ObjectName } from "./ledger.ts";
import { nameOf } from "./ledger.ts";
import type { Origin } from "./origin.ts";

/** Something that can act on a target: a started run, a task of one, or a pod, until it has ended or is gone. */
export interface Actor extends Origin {
  readonly object: ObjectName;
  /** Revision since when it can. */
  readonly since: number;
}

/** All that can act at a moment. */
export interface Actors {
  /** Takes in a change. Gives the actor where it can act from now on, and could not before. */
  take(change: Change, origin: Origin): Actor | undefined;
  onTarget(target: string): readonly Actor[];
  ofExecution(uid: string): readonly Actor[];
}

/** A stage without actors. */
export function createActors(): Actors {
  const acting = new Map<string, Actor>();
  return {
    take(change, origin) {
      if (!canAct(change)) {
        acting.delete(change.uid);
        return undefined;
      }
      if (acting.has(change.uid)) return undefined;
      const actor = { ...origin, object: nameOf(change.kind, change.object), since: change.revision };
      acting.set(change.uid, actor);
      return actor;
    },
    onTarget: (target) => [...acting.values()].filter((actor) => actor.target === target),
    ofExecution: (uid) => [...acting.values()].filter(({ execution }) => execution === uid),
  };
}

/** Whether a run left Pending with this change, which it can do only once: from here on Tekton acts on it. */
export function isStart(change: Change, { root }: Origin): change is Change<"run"> {
  if (change.kind !== "run" || change.uid !== root || change.after === undefined) return false;
  return isStarted(change.after) && (change.before === undefined || !isStarted(change.before));
}

/** Whether containers of it may run, now or later, without anybody else doing anything. */
function canAct(change: Change): boolean {
  if (change.after === undefined) return false;
  switch (change.kind) {
    case "execution":
    case "lock":
      return false;
    case "run":
      return isStarted(change.after) && !isDone(change.after);
    case "taskRun":
    case "customRun":
      return !isDone(change.after);
    case "pod":
      return isPodAlive(change.after);
  }
}

interface ManagedFields {
  readonly time?: string;
}

/** When the API server accepted the newest write to an object, by its own clock in whole seconds, cut off (ms). */
export function writtenAt({ metadata }: KubernetesObject): number | undefined {
  const { managedFields = [] } = metadata as { readonly managedFields?: readonly ManagedFields[] };
  const times = managedFields.flatMap(({ time }) => (time === undefined ? [] : [Date.parse(time)]));
  return times.length === 0 ? undefined : Math.max(...times);
}
