import type { Pod } from "../../../pkg/api/core.ts";
import type { KindCatalog } from "../../../pkg/api/kinds.ts";
import type { KubernetesObject, ObjectRef } from "../../../pkg/api/meta.ts";
import type { TargetLock } from "../../../pkg/api/target-lock.ts";
import type { CustomRun, PipelineRun, TaskRun } from "../../../pkg/api/tekton.ts";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import type { ClusterApi } from "../../../pkg/controller/ports.ts";
import type { Clock } from "../../../pkg/runtime/clock.ts";
import { aKindCatalog } from "../builders/a-kind-catalog.ts";
import { FakeResource, FOREGROUND } from "./fake-resource.ts";
import { anApiError, FakeServer } from "./fake-server.ts";

/** A Kubernetes API in memory, and its garbage collector. */
export class FakeCluster implements ClusterApi {
  readonly server: FakeServer;
  readonly executions: FakeResource<WorkflowExecution>;
  readonly locks: FakeResource<TargetLock>;
  readonly runs: FakeResource<PipelineRun>;
  readonly taskRuns: FakeResource<TaskRun>;
  readonly customRuns: FakeResource<CustomRun>;
  readonly pods: FakeResource<Pod>;
  kinds: KindCatalog = aKindCatalog();
  mayCreate = true;
  /** What can be read of containers, by `pod/container`; of all others it is refused. */
  readonly logs = new Map<string, string>();

  constructor(clock: Clock) {
    const server = new FakeServer(clock);
    this.server = server;
    const bornStatus = { phase: "Pending" };
    this.executions = new FakeResource(server, { plural: "workflowexecutions", hasStatus: true, bornStatus });
    this.locks = new FakeResource(server, { plural: "targetlocks" });
    this.runs = new FakeResource(server, { plural: "pipelineruns", hasStatus: true });
    this.taskRuns = new FakeResource(server, { plural: "taskruns", hasStatus: true });
    this.customRuns = new FakeResource(server, { plural: "customruns", hasStatus: true });
    this.pods = new FakeResource(server, { plural: "pods", isGraceful: true });
  }

  async discoverKinds(): Promise<KindCatalog> {
    this.server.receive({ verb: "get", resource: "apis", name: "" });
    return Promise.resolve(this.kinds);
  }

  async mayCreateRuns(namespace: string): Promise<boolean> {
    this.server.receive({ verb: "create", resource: "selfsubjectaccessreviews", name: namespace });
    return Promise.resolve(this.mayCreate);
  }

  async readLog(pod: ObjectRef & { readonly uid: string }, container: string): Promise<string> {
    this.server.receive({ verb: "get", resource: "pods/log", name: pod.name });
    const text = this.logs.get(`${pod.name}/${container}`);
    if (text === undefined) throw anApiError("notFound", `pods ${pod.name} not found`);
    return Promise.resolve(text);
  }

  /** One round of the garbage collector and of the kubelet that stops pods. Says whether there was anything to do. */
  collectGarbage(): boolean {
    const before = this.server.version();
    for (const pod of this.pods.all()) if (isGoing(pod)) this.pods.remove(pod.metadata);
    this.#collect(this.taskRuns, [this.pods]);
    this.#collect(this.runs, [this.taskRuns, this.customRuns]);
    return before !== this.server.version();
  }

  #collect<T extends KubernetesObject>(owners: FakeResource<T>, dependents: readonly AnyResource[]): void {
    const alive = new Set(owners.all().map(({ metadata }) => metadata.uid));
    for (const kind of dependents) {
      for (const one of kind.all()) if (isOrphan(one, alive) && !isGoing(one)) kind.remove(one.metadata, true);
    }
    for (const owner of owners.all()) {
      if (owner.metadata.finalizers?.includes(FOREGROUND) === true) collectOwner(owner, owners, dependents);
    }
  }
}

type AnyResource = Pick<FakeResource<KubernetesObject>, "all" | "remove">;

function collectOwner<T extends KubernetesObject>(
  owner: T,
  owners: FakeResource<T>,
  dependents: readonly AnyResource[],
): void {
  const left = dependents.flatMap((kind) =>
    kind
      .all()
      .filter((one) => isOwnedBy(one, owner))
      .map((one) => ({ kind, one })),
  );
  for (const { kind, one } of left) if (!isGoing(one)) kind.remove(one.metadata, true);
  if (left.length === 0) owners.endForeground(owner);
}

function isOwnedBy(one: KubernetesObject, owner: KubernetesObject): boolean {
  return one.metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) ?? false;
}

function isOrphan({ metadata }: KubernetesObject, alive: ReadonlySet<string | undefined>): boolean {
  const owners = metadata.ownerReferences ?? [];
  return owners.length > 0 && !owners.some(({ uid }) => alive.has(uid));
}

function isGoing({ metadata }: KubernetesObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}
