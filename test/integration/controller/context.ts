import { after, before } from "node:test";
import type { TargetLock } from "../../../pkg/api/target-lock.ts";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import type { PipelineRun } from "../../../pkg/api/tekton.ts";
import { isTerminal } from "../../../pkg/execution/conditions.ts";
import { startControllerUnderTest, type ControllerUnderTest } from "../../support/controller-under-test.ts";
import {
  aPlayedExecution,
  REQUESTS,
  startWorld,
  type ExecutionParts,
  type World,
} from "../../support/controller-world.ts";
import type { Ending } from "../../support/tekton-player/script.ts";

type Status = NonNullable<WorkflowExecution["status"]>;

/** A world with a controller in it, for all suites of a test file. */
export interface ControllerContext {
  readonly world: () => World;
  readonly controller: () => ControllerUnderTest;
  /** Starts another controller, with other settings where some are given; whoever starts one stops it. */
  readonly startController: (
    settings?: Readonly<Record<string, unknown>>,
    untilReady?: boolean,
  ) => Promise<ControllerUnderTest>;
  /** Ends the controller and starts it again, with the same settings. */
  readonly restartController: () => Promise<void>;
}

/** Starts everything before the tests of the file, with these settings, and stops it after them. */
export function useController(usual: Readonly<Record<string, unknown>> = {}): ControllerContext {
  let world: World;
  let controller: ControllerUnderTest | undefined;
  before(async () => {
    world = await startWorld();
    controller = await startController();
  });
  after(async () => {
    await controller?.stop();
    await world.stop();
  });
  function startController(
    settings: Readonly<Record<string, unknown>> = usual,
    untilReady = true,
  ): Promise<ControllerUnderTest> {
    const { controllerKubeconfig: kubeconfig, postgres } = world;
    return startControllerUnderTest({ kubeconfig, databaseUrl: postgres.url, settings, untilReady });
  }
  return {
    world: () => world,
    controller: () => {
      if (controller === undefined) throw new Error("no controller runs");
      return controller;
    },
    startController,
    async restartController() {
      await controller?.stop();
      controller = await startController();
    },
  };
}

/** Creates an execution. */
export async function create(world: World, parts: ExecutionParts): Promise<WorkflowExecution> {
  return world.api.executions.create(aPlayedExecution(parts));
}

/** Creates an execution, and ends its run once it was seen running: so that its life is the same on every machine. */
export async function playToEnd(world: World, parts: ExecutionParts, ending: Ending): Promise<WorkflowExecution> {
  await create(world, { ...parts, parameters: { ...parts.parameters, PLAY_ENDING: "never" } });
  const running = await untilRunning(world, parts.name);
  world.player.end(running.metadata.uid ?? "", ending);
  return untilSettled(world, parts.name);
}

/** The execution as the watch last told of it. */
export function seen(world: World, name: string): WorkflowExecution | undefined {
  return world.stores.executions.get(`${REQUESTS}/${name}`);
}

/** Waits for a status of an execution. */
export function untilStatus(
  world: World,
  name: string,
  what: string,
  check: (status: Status) => boolean,
): Promise<WorkflowExecution> {
  return world.until(`execution ${name}: ${what}`, () => {
    const execution = seen(world, name);
    return execution?.status !== undefined && check(execution.status) ? execution : undefined;
  });
}

/** Waits until its run was seen running. */
export function untilRunning(world: World, name: string): Promise<WorkflowExecution> {
  return untilStatus(world, name, "phase Running", ({ phase }) => phase === "Running");
}

/** Waits until it has ended, however. */
export function untilFinished(world: World, name: string): Promise<WorkflowExecution> {
  return untilStatus(world, name, "a terminal phase", ({ phase }) => isTerminal(phase));
}

/** Waits until it has ended, all its events are committed, and its lock (if it had one) is given back. */
export function untilSettled(world: World, name: string): Promise<WorkflowExecution> {
  return untilStatus(world, name, "nothing left to write", (status) => {
    const isLocked = conditionStatus(status, "ResourceLocked") === "True";
    return isTerminal(status.phase) && conditionStatus(status, "AuditRecorded") === "True" && !isLocked;
  });
}

/** Waits until the execution is no longer there. Its children may take the garbage collector's time. */
export async function untilGone(world: World, name: string): Promise<void> {
  await world.until(`execution ${name} to be gone`, () => seen(world, name) === undefined || undefined, 90_000);
}

/** Waits for a state of a target's lock. */
export function untilLock(
  world: World,
  target: string,
  what: string,
  check: (lock: TargetLock) => boolean,
): Promise<TargetLock> {
  return world.until(`lock of ${target}: ${what}`, () =>
    world.stores.locks.list().find((lock) => lock.spec.targetResource === target && check(lock)),
  );
}

/** The runs of an execution that are there now. */
export function runsOf(world: World, execution: WorkflowExecution): readonly PipelineRun[] {
  return world.stores.runs.byIndex("execution", execution.metadata.uid ?? "");
}

/** Deletes an execution, as kubectl delete --wait=false does. */
export async function remove(world: World, execution: WorkflowExecution): Promise<void> {
  await world.api.executions.delete(execution.metadata, { uid: execution.metadata.uid ?? "" });
}

/** Deletes an execution with whatever was still to be done for it; a controller that runs puts the finalizer back. */
export async function removeByForce(world: World, execution: WorkflowExecution): Promise<void> {
  const { namespace = "", name } = execution.metadata;
  const patch = '{"metadata": {"finalizers": null}}';
  await world.kubectl("patch", "wfe", name, "-n", namespace, "--type=merge", "--patch", patch);
  await remove(world, execution);
}

/** The status of a condition, undefined where it was never set. */
export function conditionStatus(status: Status | undefined, type: string): string | undefined {
  return status?.conditions?.find((condition) => condition.type === type)?.status;
}
