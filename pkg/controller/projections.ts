/**
 * What is kept of each object: memory grows with what decisions need, not with what Tekton and the kubelet write
 * (design.md section 4).
 */
import type { Pod } from "../api/core.ts";
import { GROUP } from "../api/labels.ts";
import type { KubernetesObject } from "../api/meta.ts";
import type { PipelineRun, PipelineTask, TaskRun, TaskRunStatus } from "../api/tekton.ts";

/** Everything but the bookkeeping of server-side apply. */
export function withoutManagedFields<T extends KubernetesObject>(object: T): T {
  const { managedFields: _managedFields, ...metadata } = object.metadata as T["metadata"] & {
    readonly managedFields?: unknown;
  };
  return { ...object, metadata };
}

/** A PipelineRun without the copied pipeline: of its tasks only the names are needed, and whether the run goes on when one fails. */
export function keepPipelineRun(run: PipelineRun): PipelineRun {
  const { pipelineSpec, ...status } = run.status ?? {};
  if (run.status === undefined) return withoutManagedFields(run);
  if (pipelineSpec === undefined) return withoutManagedFields({ ...run, status });
  const names = { tasks: namesOf(pipelineSpec.tasks), finally: namesOf(pipelineSpec.finally) };
  return withoutManagedFields({ ...run, status: { ...status, pipelineSpec: names } });
}

/** A TaskRun without the copied task, of its spec only how it was cancelled. */
export function keepTaskRun(taskRun: TaskRun): TaskRun {
  const { spec = {}, status } = taskRun;
  const kept = {
    ...(spec.status === undefined ? {} : { status: spec.status }),
    ...(spec.statusMessage === undefined ? {} : { statusMessage: spec.statusMessage }),
  };
  const bare = withoutManagedFields({ ...taskRun, spec: kept });
  return status === undefined ? bare : { ...bare, status: withoutTaskSpec(status) };
}

/** A Pod's identity and status: who it is and what its containers did. Of its annotations ours: a bundle may add any. */
export function keepPod(pod: Pod): Pod {
  const { spec: _spec, ...kept } = pod as Pod & { readonly spec?: unknown };
  const { annotations, ...metadata } = kept.metadata;
  if (annotations === undefined) return withoutManagedFields(kept);
  const ours = Object.entries(annotations).filter(([name]) => name.startsWith(`${GROUP}/`));
  return withoutManagedFields({ ...kept, metadata: { ...metadata, annotations: Object.fromEntries(ours) } });
}

function withoutTaskSpec(status: TaskRunStatus): TaskRunStatus {
  const { taskSpec: _taskSpec, ...kept } = status as TaskRunStatus & { readonly taskSpec?: unknown };
  return kept;
}

function namesOf(tasks: readonly PipelineTask[] | undefined): readonly PipelineTask[] {
  return (tasks ?? []).map(({ name, onError }) => (onError === undefined ? { name } : { name, onError }));
}
