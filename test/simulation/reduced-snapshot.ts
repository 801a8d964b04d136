import type { KubernetesObject } from "../../pkg/api/meta.ts";
import type { Seen, Snapshot } from "../../pkg/execution/snapshot.ts";
import type { WorkflowExecution } from "../../pkg/api/workflow-execution.ts";
import { timeAfter } from "../support/builders/moments.ts";
import type { World } from "./world.ts";

/** What a controller knows, without what only makes states different and has no effect on what may happen. */
export function reduced(snapshot: Snapshot, world: World): Snapshot {
  const { runs, taskRuns, pods } = snapshot;
  const execution = withoutDoubtfulValue(snapshot.execution, world);
  const less = {
    ...snapshot,
    execution,
    runs: withoutDoubts(runs),
    taskRuns: withoutDoubts(taskRuns),
    pods: withoutDoubts(pods),
  };
  const counted = world.bounds.areSurprisesCounted ? less : { ...less, surprises: 0 };
  if (counted.kind === "lock") return counted;
  // Within a tick there is time for everything, also to write the progress once more.
  const { statusWrittenAt: _at, ...rest } = counted;
  const { keepRuns } = world.bounds.policy;
  return { ...rest, newerRuns: rest.newerRuns < keepRuns ? 0 : keepRuns };
}

/** What is doubtful is read before anything else: it doesn't matter what it was, only which one. */
function withoutDoubtfulValue(
  { value, freshness }: Seen<WorkflowExecution | undefined>,
  world: World,
): Seen<WorkflowExecution | undefined> {
  const subject = world.subjects.find(({ uid }) => uid === value?.metadata.uid);
  if (freshness !== "doubtful" || subject === undefined) return { value, freshness };
  const first = world.table.get(world.born(subject, timeAfter(subject.index))) as WorkflowExecution;
  return { value: first, freshness };
}

function withoutDoubts<T extends KubernetesObject>({ value, freshness }: Seen<readonly T[]>): Seen<readonly T[]> {
  return { value: freshness === "doubtful" ? [] : value, freshness };
}
