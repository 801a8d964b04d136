import type { Pod } from "../../../pkg/api/core.ts";
import type { OwnerReference } from "../../../pkg/api/meta.ts";
import { LABEL_TARGET_HASH } from "../../../pkg/api/labels.ts";
import type { PipelineRun, PipelineRunStatus, TaskRun, TektonCondition } from "../../../pkg/api/tekton.ts";
import { isDone, isPendingRun } from "../../../pkg/tekton/run-state.ts";
import type { FakeCluster } from "./fake-cluster.ts";

/** What becomes of the runs that Tekton plays; `hang` goes on until it is cancelled. */
export type Script = "succeed" | "fail" | "hang";

const STARTED_STEP = { name: "restart", container: "step-restart" };

/** Plays Tekton on the fake API: one task with one step, one stage of each run a call. */
export class TektonPlayer {
  script: Script = "succeed";
  /** Tekton does nothing. */
  isDown = false;
  /** A cancel ends the run and leaves its TaskRun alone, as where the run's status was written from an older view. */
  missesTasks = false;
  /** Uids of the runs that ever began, in order. */
  readonly begun: string[] = [];
  /** Runs that began while another one was alive on the same target: there must never be one. */
  readonly overlaps: string[] = [];
  readonly #cluster: FakeCluster;

  constructor(cluster: FakeCluster) {
    this.#cluster = cluster;
  }

  /** Says whether there was anything to do. */
  step(): boolean {
    if (this.isDown) return false;
    const before = this.#cluster.server.version();
    for (const taskRun of this.#cluster.taskRuns.all()) if (isTold(taskRun)) this.#stop(taskRun);
    for (const run of this.#cluster.runs.all()) {
      if (!isPendingRun(run) && !isDone(run) && run.metadata.deletionTimestamp === undefined) this.#move(run);
    }
    return before !== this.#cluster.server.version();
  }

  #move(run: PipelineRun): void {
    const hasBegun = run.status?.startTime !== undefined;
    if (!hasBegun && run.spec.status === undefined) this.#begin(run);
    else if (!hasBegun)
      this.#setRun(run, { startTime: this.#cluster.server.now(), ...this.#ended("False", "Cancelled") });
    else if (run.spec.status !== undefined && !this.#letsTasksEnd(run)) this.#cancel(run);
    else if (this.script !== "hang") this.#end(run, this.script === "succeed" ? "Succeeded" : "Failed");
  }

  /** StoppedRunFinally waits for the tasks that run. */
  #letsTasksEnd({ spec }: PipelineRun): boolean {
    return spec.status === "StoppedRunFinally" && this.script === "hang";
  }

  #cancel(run: PipelineRun): void {
    if (!this.missesTasks) this.#end(run, "Cancelled");
    else this.#setRun(run, { ...run.status, ...this.#ended("False", "Cancelled") });
  }

  /** A TaskRun that was told to stop for itself: its pod is deleted. */
  #stop(taskRun: TaskRun): void {
    const { metadata } = taskRun;
    const pod = { namespace: metadata.namespace ?? "", name: `${metadata.name}-pod` };
    if (this.#cluster.pods.all().some((one) => one.metadata.name === pod.name)) this.#cluster.pods.remove(pod);
    const status = { ...taskRun.status, ...this.#ended("False", "TaskRunCancelled") };
    this.#cluster.taskRuns.edit(metadata, (known) => ({ ...known, status }));
  }

  #begin(run: PipelineRun): void {
    const { uid = "" } = run.metadata;
    if (this.#livePods(run).length > 0) this.overlaps.push(uid);
    this.begun.push(uid);
    const startTime = this.#cluster.server.now();
    const pipelineSpec = { tasks: [{ name: "restart" }] };
    this.#setRun(run, { startTime, pipelineSpec, conditions: [condition("Unknown", "Running")] });
    const taskRun = this.#cluster.taskRuns.add(taskRunOf(run, startTime));
    this.#cluster.pods.add(podOf(taskRun, startTime));
  }

  #end(run: PipelineRun, reason: "Succeeded" | "Failed" | "Cancelled"): void {
    const at = this.#cluster.server.now();
    const status = reason === "Succeeded" ? "True" : "False";
    const name = `${run.metadata.name}-restart`;
    const namespace = run.metadata.namespace ?? "";
    const terminated = { exitCode: status === "True" ? 0 : 1, startedAt: at, finishedAt: at };
    this.#cluster.taskRuns.edit({ namespace, name }, (taskRun) => ({
      ...taskRun,
      status: {
        ...taskRun.status,
        completionTime: at,
        steps: [{ ...STARTED_STEP, terminated }],
        conditions: [condition(status, reason === "Cancelled" ? "TaskRunCancelled" : reason)],
      },
    }));
    this.#cluster.pods.edit({ namespace, name: `${name}-pod` }, (pod) => ({
      ...pod,
      status: { phase: status === "True" ? "Succeeded" : "Failed" },
    }));
    this.#setRun(run, { ...run.status, ...this.#ended(status, reason) });
  }

  #ended(status: TektonCondition["status"], reason: string): Pick<PipelineRunStatus, "completionTime" | "conditions"> {
    return { completionTime: this.#cluster.server.now(), conditions: [condition(status, reason)] };
  }

  #setRun(run: PipelineRun, status: NonNullable<PipelineRun["status"]>): void {
    this.#cluster.runs.edit(run.metadata, (known) => ({ ...known, status }));
  }

  #livePods(run: PipelineRun): readonly Pod[] {
    const target = run.metadata.labels?.[LABEL_TARGET_HASH];
    return this.#cluster.pods
      .all()
      .filter(({ metadata, status }) => metadata.labels?.[LABEL_TARGET_HASH] === target && status?.phase === "Running");
  }
}

/** Somebody has cancelled it, and it goes on. */
function isTold(taskRun: TaskRun): boolean {
  return taskRun.spec?.status !== undefined && !isDone(taskRun) && taskRun.metadata.deletionTimestamp === undefined;
}

function condition(status: TektonCondition["status"], reason: string): TektonCondition {
  return { type: "Succeeded", status, reason, message: `${reason} as played` };
}

/** Tekton copies the labels of a run to what it makes. */
function taskRunOf(run: PipelineRun, startTime: string): TaskRun {
  const { name, namespace = "", labels = {} } = run.metadata;
  return {
    metadata: {
      name: `${name}-restart`,
      namespace,
      labels: { ...labels, "tekton.dev/pipelineTask": "restart" },
      ownerReferences: [ownedBy("PipelineRun", run)],
    },
    spec: {},
    status: { startTime, podName: `${name}-restart-pod`, conditions: [condition("Unknown", "Running")] },
  };
}

function podOf(taskRun: TaskRun, startedAt: string): Pod {
  const { name, namespace = "", labels = {} } = taskRun.metadata;
  const containerStatuses = [{ name: "step-restart", state: { running: { startedAt } } }];
  return {
    metadata: { name: `${name}-pod`, namespace, labels, ownerReferences: [ownedBy("TaskRun", taskRun)] },
    status: { phase: "Running", containerStatuses },
  };
}

function ownedBy(kind: string, { metadata }: PipelineRun | TaskRun): OwnerReference {
  const { name, uid = "" } = metadata;
  return { apiVersion: "tekton.dev/v1", kind, name, uid, controller: true, blockOwnerDeletion: true };
}
