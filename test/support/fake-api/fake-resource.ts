import type { Pod } from "../../../pkg/api/core.ts";
import type { KubernetesObject, ObjectMeta, ObjectRef } from "../../../pkg/api/meta.ts";
import type { DeleteOptions, LabelQuery, PatchOperation, ResourceApi } from "../../../pkg/controller/ports.ts";
import { deepEqual } from "../../../pkg/execution/deep-equal.ts";
import { keyOf } from "../../../pkg/runtime/store.ts";
import { anApiError, type FakeRequest, type FakeServer } from "./fake-server.ts";
import { applyJsonPatch } from "./json-patch.ts";

/** What a watch tells of one change. */
export interface Change<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: T;
}

export interface ResourceShape {
  readonly plural: string;
  /** /status is written apart from the rest. */
  readonly hasStatus?: boolean;
  /** A deletion only asks the object to stop, as with a pod. */
  readonly isGraceful?: boolean;
  /** Status of a new object (a default of the CRD). */
  readonly bornStatus?: unknown;
}

/** The finalizer of a deletion that waits for the dependents. */
export const FOREGROUND = "foregroundDeletion";

type Body = KubernetesObject & { readonly spec?: unknown; readonly status?: unknown };

/** The objects of one kind, with the optimistic concurrency of a real API server. */
export class FakeResource<T extends KubernetesObject> implements ResourceApi<T> {
  /** All changes so far: whoever watches remembers how many it has seen. */
  readonly changes: Change<T>[] = [];
  readonly #objects = new Map<string, T>();
  readonly #server: FakeServer;
  readonly #shape: ResourceShape;

  constructor(server: FakeServer, shape: ResourceShape) {
    this.#server = server;
    this.#shape = shape;
  }

  get(ref: ObjectRef): Promise<T | undefined> {
    return this.#answer({ verb: "get", resource: this.#shape.plural, name: ref.name }, () =>
      this.#objects.get(keyOf({ metadata: ref })),
    );
  }

  list({ namespace, labelSelector }: LabelQuery): Promise<readonly T[]> {
    const [label = "", value] = labelSelector.split("=");
    return this.#answer({ verb: "list", resource: this.#shape.plural, name: "" }, () =>
      this.all().filter(
        ({ metadata }) =>
          metadata.labels?.[label] === value && (namespace === undefined || metadata.namespace === namespace),
      ),
    );
  }

  create(object: T): Promise<T> {
    return this.#answer(this.#request("create", object.metadata), () => this.add(object));
  }

  replace(object: T): Promise<T> {
    return this.#answer(this.#request("update", object.metadata), () => {
      const known = this.#sameVersion(object);
      return this.#write(known, this.#shape.hasStatus === true ? withStatusOf(known, object) : object);
    });
  }

  replaceStatus(object: T): Promise<T> {
    const request = { ...this.#request("update", object.metadata), resource: `${this.#shape.plural}/status` };
    return this.#answer(request, () => {
      const known = this.#sameVersion(object);
      return this.#write(known, withStatusOf(object, known));
    });
  }

  jsonPatch(ref: ObjectRef, operations: readonly PatchOperation[]): Promise<T> {
    return this.#answer(this.#request("patch", ref), () => {
      const known = this.#existing(ref);
      return this.#write(known, applyJsonPatch(known, operations));
    });
  }

  delete(ref: ObjectRef, { uid, resourceVersion, propagation }: DeleteOptions): Promise<void> {
    return this.#answer(this.#request("delete", ref), () => {
      const { metadata } = this.#existing(ref);
      const isThisVersion = resourceVersion === undefined || resourceVersion === metadata.resourceVersion;
      if (uid !== metadata.uid || !isThisVersion) throw anApiError("conflict", `precondition failed: ${ref.name}`);
      this.remove(ref, propagation === "Foreground");
    });
  }

  /** All objects, in the order of their creation. What follows is done by somebody else, and isn't among the requests. */
  all(): T[] {
    return structuredClone([...this.#objects.values()]);
  }

  /** Creates an object. */
  add(object: T): T {
    if (this.#objects.has(keyOf(object))) throw anApiError("exists", `${object.metadata.name} already exists`);
    const { plural, bornStatus } = this.#shape;
    const metadata: ObjectMeta = {
      ...object.metadata,
      uid: this.#server.nextUid(),
      resourceVersion: this.#server.nextVersion(),
      generation: 1,
      creationTimestamp: this.#server.now(),
    };
    const born = { ...object, metadata, ...(bornStatus === undefined ? {} : { status: bornStatus }) };
    if (metadata.name === "") throw new TypeError(`a ${plural} without a name`);
    return this.#put("ADDED", born);
  }

  /** Changes an object in any way; undefined where it isn't there. */
  edit(ref: ObjectRef, change: (object: T) => T): T | undefined {
    const known = this.#objects.get(keyOf({ metadata: ref }));
    return known === undefined ? undefined : this.#write(known, change(structuredClone(known)));
  }

  /** Deletes an object, or asks it to go where something has to be waited for. */
  remove(ref: ObjectRef, isForeground = false): void {
    const known = this.#existing(ref);
    const isGraceful = this.#shape.isGraceful === true;
    const waits = isForeground && !isGraceful ? [FOREGROUND] : [];
    const finalizers = [...new Set([...(known.metadata.finalizers ?? []), ...waits])];
    const isGoing = known.metadata.deletionTimestamp !== undefined;
    if (finalizers.length === 0 && (!isGraceful || isGoing || hasEnded(known))) {
      this.#drop(known);
      return;
    }
    const deletionTimestamp = known.metadata.deletionTimestamp ?? this.#server.now();
    this.#write(known, { ...known, metadata: { ...known.metadata, finalizers, deletionTimestamp } });
  }

  /** Removes a Foreground deletion's finalizer: its dependents are gone. */
  endForeground(object: T): void {
    const finalizers = (object.metadata.finalizers ?? []).filter((name) => name !== FOREGROUND);
    this.edit(object.metadata, (known) => ({ ...known, metadata: { ...known.metadata, finalizers } }));
  }

  #request(verb: FakeRequest["verb"], { name }: ObjectRef): FakeRequest {
    return { verb, resource: this.#shape.plural, name };
  }

  #answer<R>(request: FakeRequest, act: () => R): Promise<R> {
    return new Promise((resolve) => {
      this.#server.receive(request);
      resolve(structuredClone(act()));
    });
  }

  #existing(ref: ObjectRef): T {
    const known = this.#objects.get(keyOf({ metadata: ref }));
    if (known === undefined) throw anApiError("notFound", `${this.#shape.plural} ${ref.name} not found`);
    return known;
  }

  #sameVersion({ metadata }: T): T {
    const known = this.#existing(metadata);
    if (metadata.resourceVersion !== known.metadata.resourceVersion || metadata.uid !== known.metadata.uid) {
      throw anApiError("conflict", `${metadata.name} has been modified`);
    }
    return known;
  }

  /** A write that changes nothing makes no new version; the one that takes the last finalizer of a deleted object ends it. */
  #write(known: T, next: T): T {
    if (deepEqual(known, next)) return known;
    const { uid, creationTimestamp, generation = 1 } = known.metadata;
    const isNewSpec = !deepEqual((known as Body).spec, (next as Body).spec);
    const metadata = {
      ...next.metadata,
      ...(uid === undefined ? {} : { uid }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
      resourceVersion: this.#server.nextVersion(),
      generation: isNewSpec ? generation + 1 : generation,
    };
    const written = { ...next, metadata };
    const isGone = metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length === 0;
    if (!isGone || this.#shape.isGraceful === true) return this.#put("MODIFIED", written);
    this.#objects.delete(keyOf(written));
    this.changes.push({ type: "DELETED", object: written });
    return written;
  }

  #put(type: "ADDED" | "MODIFIED", object: T): T {
    const stored = structuredClone(object);
    this.#objects.set(keyOf(stored), stored);
    this.changes.push({ type, object: stored });
    return stored;
  }

  #drop(known: T): void {
    this.#objects.delete(keyOf(known));
    const metadata = { ...known.metadata, resourceVersion: this.#server.nextVersion() };
    this.changes.push({ type: "DELETED", object: { ...known, metadata } });
  }
}

/** The second object with the status of the first. */
function withStatusOf<T extends KubernetesObject>(from: T, to: T): T {
  return { ...to, status: (from as Body).status };
}

/** A pod that has ended goes at once: there is nothing to wait for. */
function hasEnded(object: KubernetesObject): boolean {
  const { phase } = (object as Pod).status ?? {};
  return phase === "Succeeded" || phase === "Failed";
}
