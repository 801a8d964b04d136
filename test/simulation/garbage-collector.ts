/** What becomes of objects that are to go: first the pods, then their TaskRuns, then the run itself. */
import type { Pod } from "../../pkg/api/core.ts";
import type { Corner } from "./corner.ts";
import type { State } from "./layout.ts";

/** A pod that is asked to stop has stopped, or its run goes. */
export function collectPod(at: Corner, state: State): State | undefined {
  const pod: Pod | undefined = at.pod(state);
  if (pod === undefined) return undefined;
  const isTerminating = pod.metadata.deletionTimestamp !== undefined;
  return isTerminating || isGoing(at, state) ? at.with(state, "pod", 0) : undefined;
}

/** The TaskRun of a run that goes. */
export function collectTaskRun(at: Corner, state: State): State | undefined {
  if (at.number(state, "taskRun") === 0 || at.number(state, "pod") !== 0 || !isGoing(at, state)) return undefined;
  const lost = Math.min(at.ghost(state, "lost"), 1);
  return at.withGhost(at.with(state, "taskRun", 0), "lost", lost);
}

/** The run, once nothing of it is left. */
export function collectRun(at: Corner, state: State): State | undefined {
  if (at.world.run(state, at.index)?.isDeleting !== true) return undefined;
  const hasChildren = at.number(state, "taskRun") !== 0 || at.number(state, "pod") !== 0;
  return hasChildren ? undefined : at.with(state, "run", 0);
}

/** The run is gone, or being deleted in the foreground. */
function isGoing(at: Corner, state: State): boolean {
  return at.number(state, "run") === 0 || at.world.run(state, at.index)?.isDeleting === true;
}
