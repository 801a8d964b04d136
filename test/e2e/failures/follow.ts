import type { Pod } from "../../../pkg/api/core.ts";
import { LABEL_EXECUTION_UID } from "../../../pkg/api/labels.ts";
import type { KubernetesObject } from "../../../pkg/api/meta.ts";
import type { WorkflowExecutionStatus } from "../../../pkg/api/workflow-execution.ts";
import { changesOf } from "../../support/witness/change.ts";
import { waitFor } from "../../cluster/wait.ts";
import { isSettled } from "../execute.ts";
import { EXECUTION_NAMESPACE } from "../platform.ts";
import type { Scene } from "./fault-case.ts";

/** Long enough for the slowest case on a machine that has a dozen others to run. */
const DEADLINE_MS = 240_000;

const LABEL_TASK = "tekton.dev/pipelineTask";

/** Waits until a step of that task runs. Gives its pod. */
export function stepRuns(scene: Scene, task: string): Promise<Pod> {
  const { witness } = scene.platform;
  return witness.until(`a step of task ${task} of ${scene.execution.name} to run`, DEADLINE_MS, () => {
    const pods = changesOf("pod", witness.changes()).map(({ object }) => object);
    return pods.find((pod) => isOf(scene, pod, task) && isRunning(witness.get("pod", pod.metadata.name), pod));
  });
}

/** Waits until that step has written something, and so has really begun: its container runs seconds before it does. Gives its pod. */
export async function stepSpeaks(scene: Scene, task: string, step: string): Promise<Pod> {
  const pod = await stepRuns(scene, task);
  const logs = ["logs", pod.metadata.name, "-n", EXECUTION_NAMESPACE, "-c", `step-${step}`];
  await waitFor(`step ${step} of ${scene.execution.name} to write something`, DEADLINE_MS, async () => {
    return (await scene.platform.cluster.kubectl(logs)).stdout !== "";
  });
  return pod;
}

/** Waits until Tekton has begun with that task, whether or not anything of it can run. */
export async function taskBegins(scene: Scene, task: string): Promise<void> {
  const { witness } = scene.platform;
  await witness.until(`task ${task} of ${scene.execution.name} to begin`, DEADLINE_MS, () =>
    changesOf("taskRun", witness.changes()).find(({ object }) => isOf(scene, object, task)),
  );
}

/** Waits until the execution has ended, and everything about it is on record. Gives its last status, also of a deleted one. */
export async function lastStatus(scene: Scene): Promise<WorkflowExecutionStatus> {
  const status = await settledStatus(scene);
  // The two watches of the witness don't wait for each other.
  await scene.platform.witness.until(`the target of ${scene.execution.name} to be given back`, 10_000, () => {
    return scene.platform.witness.get("lock", status.locks?.[0]?.name ?? "")?.spec.state === "Free" || undefined;
  });
  return status;
}

function settledStatus({ platform: { witness }, execution }: Scene): Promise<WorkflowExecutionStatus> {
  const { name, uid } = execution;
  return witness.until(`execution ${name} to be settled`, DEADLINE_MS, () => {
    const present = witness.get("execution", name);
    if (present !== undefined) {
      const isLeaving = present.metadata.deletionTimestamp !== undefined;
      return !isLeaving && isSettled(present) ? present.status : undefined;
    }
    const gone = changesOf("execution", witness.changes()).find(
      ({ type, object }) => type === "DELETED" && object.metadata.uid === uid,
    );
    return gone?.object.status;
  });
}

function isOf({ execution }: Scene, { metadata: { labels = {} } }: KubernetesObject, task: string): boolean {
  return labels[LABEL_EXECUTION_UID] === execution.uid && labels[LABEL_TASK] === task;
}

/** In its present state, where it is still the same pod. */
function isRunning(present: Pod | undefined, pod: Pod): boolean {
  if (present === undefined || present.metadata.uid !== pod.metadata.uid) return false;
  return present.status?.containerStatuses?.some(({ state }) => state?.running !== undefined) === true;
}
