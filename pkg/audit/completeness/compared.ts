import type { KnownObject } from "./known-object.ts";
import type { RecordedEvent } from "./recorded-event.ts";

/** An execution or target lock that is compared, whichever side knows of it. */
export interface Compared {
  readonly uid: string;
  readonly kind: "execution" | "lock";
  /** Empty for a target lock. */
  readonly namespace: string;
  readonly name: string;
}

/** Which object it is, by the cluster, or by its first row. */
export function comparedObject(object: KnownObject | undefined, row: RecordedEvent | undefined): Compared | undefined {
  if (object !== undefined) {
    const { uid, ref } = object;
    return { uid, kind: ref.kind, namespace: ref.namespace ?? "", name: ref.name };
  }
  if (row === undefined) return undefined;
  const { uid, namespace, name } = row;
  return { uid, kind: namespace === "" ? "lock" : "execution", namespace, name };
}

/** For people: namespace/name or the lock's name, and the uid. */
export function subjectText({ uid, namespace, name }: Compared): string {
  return `${namespace === "" ? name : `${namespace}/${name}`} (uid ${uid})`;
}
