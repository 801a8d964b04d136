/** What the kubelet does with the pod of a run. */
import type { Pod } from "../../pkg/api/core.ts";
import type { TaskRun } from "../../pkg/api/tekton.ts";
import { CREATED_AT } from "../support/builders/moments.ts";
import type { Corner } from "./corner.ts";
import type { State } from "./layout.ts";
import { withStartedContainer, withStartedStep } from "./subjects.ts";

/**
 * The step's container starts, whatever has become of its TaskRun meanwhile, but not in a pod that is asked to stop. Of a
 * start after its TaskRun has ended only the pod itself can tell.
 */
export function startPod(at: Corner, state: State): State | undefined {
  const pod = at.pod(state);
  if (pod?.status?.phase !== "Pending" || pod.metadata.deletionTimestamp !== undefined) return undefined;
  const started = at.edit<Pod>(state, "pod", "start", withStartedContainer);
  if (!at.world.isWorking(state, at.index)) return started;
  return at.edit<TaskRun>(at.withGhost(started, "worked", 1), "taskRun", "start", withStartedStep);
}

/** The last container stops some time after the TaskRun has ended (tekton.md section 3). */
export function endPod(at: Corner, state: State): State | undefined {
  const isRunning = at.pod(state)?.status?.phase === "Running";
  if (!isRunning || at.world.isWorking(state, at.index)) return undefined;
  return at.edit<Pod>(state, "pod", "end", (object) => ({
    ...object,
    status: { ...object.status, phase: "Succeeded" },
  }));
}

/** The step has ended; the pod as a whole hasn't yet. */
export function stoppedSteps(at: Corner, state: State): State {
  const terminated = { exitCode: 0, reason: "Completed", startedAt: CREATED_AT, finishedAt: CREATED_AT };
  return at.edit<Pod>(state, "pod", "stop", (object) => ({
    ...object,
    status: { ...object.status, containerStatuses: [{ name: "step-restart", state: { terminated } }] },
  }));
}
