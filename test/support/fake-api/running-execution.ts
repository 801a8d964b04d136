/** The execution "first", and what lives of it are told with. */
import assert from "node:assert/strict";
import type { PipelineRun } from "../../../pkg/api/tekton.ts";
import type { CancelRequest, WorkflowExecutionStatus } from "../../../pkg/api/workflow-execution.ts";
import type { Policy } from "../../../pkg/execution/policy.ts";
import type { ExecutionWishes } from "../builders/a-workflow-execution.ts";
import { World } from "./world.ts";

/** A world in which it runs, and its run doesn't end by itself. */
export async function aRunningExecution(wishes: ExecutionWishes = {}, policy: Partial<Policy> = {}): Promise<World> {
  const world = new World(policy);
  world.startController();
  world.tekton.script = "hang";
  world.request("first", wishes);
  await world.run(() => statusOf(world).phase === "Running");
  return world;
}

/** The status of an execution that is there. */
export function statusOf(world: World, name = "first"): WorkflowExecutionStatus {
  const { status } = world.execution(name);
  assert.ok(status);
  return status;
}

/** The only run that there is. */
export function onlyRun(world: World): PipelineRun {
  const [run, ...others] = world.runs();
  assert.ok(run !== undefined && others.length === 0);
  return run;
}

/** Alice sets spec.cancel. */
export function cancel(world: World, mode: CancelRequest["mode"]): void {
  const request: CancelRequest = { mode, reason: "wrong target", requestedBy: { username: "alice" } };
  const { metadata } = world.execution("first");
  world.cluster.executions.edit(metadata, (w) => ({ ...w, spec: { ...w.spec, cancel: request } }));
}

/** Nothing acts any more, and the target was given back. */
export function assertReleased(world: World): void {
  assert.equal(world.lock().spec.state, "Free");
  assert.deepEqual(world.trail.contradictions, []);
  const alive = world.cluster.pods.all().filter(({ status }) => status?.phase === "Running");
  assert.deepEqual(alive, []);
}
