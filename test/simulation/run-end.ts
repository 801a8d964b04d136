import type { PipelineRun, TaskRun } from "../../pkg/api/tekton.ts";
import { CREATED_AT } from "../support/builders/moments.ts";
import type { Corner } from "./corner.ts";
import { OUTCOMES, type Ending } from "./facts.ts";
import { read, type State } from "./layout.ts";
import { taskRunName } from "./subjects.ts";

interface End {
  readonly outcome: Ending;
  readonly reason: string;
  /** Tekton has looked for the run's TaskRuns before, and names them. */
  readonly namesTaskRun: boolean;
}

/** The run is done. When is noted, but only beside it: its own times are nearly always the same. */
export function endedRun(at: Corner, state: State, { outcome, reason, namesTaskRun }: End): State {
  const status = outcome === "succeeded" ? "True" : "False";
  const condition = { type: "Succeeded", status, reason } as const;
  const isNamed = namesTaskRun && at.number(state, "taskRun") !== 0;
  const startTime = at.world.timestamp(state);
  const done = at.edit<PipelineRun>(state, "run", `${reason} ${String(isNamed)} ${startTime}`, (object) => {
    const named = isNamed ? withTaskRunName(at, object) : object;
    return { ...named, status: { startTime, ...named.status, completionTime: CREATED_AT, conditions: [condition] } };
  });
  const now = read(state, at.world.layout.now);
  return at.withGhost(at.withGhost(done, "outcome", OUTCOMES[outcome]), "doneAt", now);
}

/** The run as it names its TaskRun. */
export function withTaskRunName(at: Corner, run: PipelineRun): PipelineRun {
  const childReferences = [{ kind: "TaskRun", name: taskRunName(at.subject), pipelineTaskName: "restart" }];
  return { ...run, status: { ...run.status, childReferences } };
}

/** Whether the run's status names the TaskRun: of another one Tekton doesn't know when it stops the run. */
export function isTaskRunNamed(at: Corner, state: State): boolean {
  return at.run(state)?.status?.childReferences !== undefined;
}

/** The TaskRun is done. */
export function endedTask(
  at: Corner,
  state: State,
  end: { readonly status: "True" | "False"; readonly reason: string },
): State {
  return at.edit<TaskRun>(state, "taskRun", end.reason, (object) => ({
    ...object,
    status: { ...object.status, conditions: [{ type: "Succeeded", ...end }] },
  }));
}
