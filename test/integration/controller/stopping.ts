/** What tests of stopped runs share: asking for a cancel, and what is seen of a run that is being stopped. */
import type { Pod } from "../../../pkg/api/core.ts";
import { ANNOTATION_STOP_REASON, ANNOTATION_STOP_REQUESTED_AT } from "../../../pkg/api/labels.ts";
import type { PipelineRun, TaskRun } from "../../../pkg/api/tekton.ts";
import type { CancelRequest, WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import type { World } from "../../support/controller-world.ts";
import { create, runsOf, untilRunning } from "./context.ts";

/** The user whom these tests are to the API server. */
export async function whoAmI(world: World): Promise<string> {
  return (await world.kubectl("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}")).trim();
}

export const WHY = "it was the wrong target";

/** Sets spec.cancel, with the reason and the user's own name. */
export async function cancel(world: World, execution: WorkflowExecution, mode: CancelRequest["mode"]): Promise<void> {
  const request: CancelRequest = { mode, reason: WHY, requestedBy: { username: await whoAmI(world) } };
  await world.api.executions.jsonPatch(execution.metadata, [{ op: "add", path: "/spec/cancel", value: request }]);
}

/** Creates an execution whose step goes on until it is told to end; waits until that step runs. */
export async function createAtWork(
  world: World,
  name: string,
  parameters: Readonly<Record<string, string>> = {},
  spec: Partial<WorkflowExecution["spec"]> = {},
): Promise<WorkflowExecution> {
  const target = `payment/deployment/${name}`;
  await create(world, { name, target, parameters: { PLAY_ENDING: "never", ...parameters }, spec });
  const running = await untilRunning(world, name);
  await world.until(`the step of ${name} to run`, () => podsOf(world, running).find(isRunning));
  return running;
}

/** The canonical target of an execution that `createAtWork` made. */
export function targetOf({ metadata }: WorkflowExecution): string {
  return `payment/deployments.apps/${metadata.name}`;
}

/** Every value of spec.status that the run of an execution gets from now on, in order. */
export function stopsOf(world: World, execution: WorkflowExecution): ReadonlySet<string> {
  const statuses = new Set<string>();
  world.stores.runs.subscribe(({ after }) => {
    if (after?.spec.status !== undefined && after.metadata.uid === execution.status?.executionRef?.uid) {
      statuses.add(after.spec.status);
    }
  });
  return statuses;
}

/** Waits until the run of an execution is asked to stop like that. */
export function untilStopped(
  world: World,
  execution: WorkflowExecution,
  mode: string,
  deadlineMs?: number,
): Promise<PipelineRun> {
  return world.until(
    `the run of ${execution.metadata.name} to be ${mode}`,
    () => runsOf(world, execution).find(({ spec }) => spec.status === mode),
    deadlineMs,
  );
}

/** Why the controller has stopped a run, and when it asked for that last (ms). */
export function stopNote({ metadata: { annotations = {} } }: PipelineRun): readonly [string | undefined, number] {
  return [annotations[ANNOTATION_STOP_REASON], Date.parse(annotations[ANNOTATION_STOP_REQUESTED_AT] ?? "")];
}

/** The pods of an execution that are there now. */
export function podsOf(world: World, { metadata }: WorkflowExecution): readonly Pod[] {
  return world.stores.pods.byIndex("execution", metadata.uid ?? "");
}

/** The TaskRuns of an execution that are there now: that of its task, then that of `finally`. */
export function taskRunsOf(world: World, { metadata }: WorkflowExecution): readonly TaskRun[] {
  const found = world.stores.taskRuns.byIndex("execution", metadata.uid ?? "");
  return [...found].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

function isRunning({ status }: Pod): boolean {
  return status?.phase === "Running";
}
