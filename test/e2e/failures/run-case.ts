import type { WorkflowExecutionStatus } from "../../../pkg/api/workflow-execution.ts";
import { created } from "../execute.ts";
import type { Platform } from "../platform.ts";
import type { World } from "./bundles.ts";
import type { Ending, FaultCase, Scene } from "./fault-case.ts";
import { lastStatus } from "./follow.ts";

/** How one case went. */
export interface Outcome {
  readonly fault: FaultCase;
  /** Undefined where it never ended. */
  readonly status?: WorkflowExecutionStatus;
  readonly scene?: Scene;
  readonly seconds: number;
  /** Why it could not be seen to its end. */
  readonly error?: unknown;
}

export interface RunOptions {
  /** Distinguishes the objects of this round from those of others. */
  readonly round: string;
  /** A pause at the beginning of every step. */
  readonly pauseSeconds?: number;
  /** What happens in mid-run, before the case's own provocation. */
  readonly midRun?: (scene: Scene) => Promise<void>;
}

/** Runs one case to its end. Never rejects: what went wrong is in the outcome. */
export async function runCase(
  platform: Platform,
  world: World,
  fault: FaultCase,
  { round, pauseSeconds = 0, midRun }: RunOptions,
): Promise<Outcome> {
  const began = performance.now();
  let scene: Scene | undefined;
  let result: Pick<Outcome, "status" | "error">;
  try {
    await fault.before?.(platform);
    scene = await begin(platform, world, fault, { name: `${round}-${fault.name}`, pauseSeconds });
    await midRun?.(scene);
    await fault.provoke?.(scene);
    result = { status: await lastStatus(scene) };
  } catch (error) {
    result = { error };
  }
  const seconds = (performance.now() - began) / 1000;
  return { fault, seconds, ...result, ...(scene === undefined ? {} : { scene }) };
}

async function begin(
  platform: Platform,
  world: World,
  fault: FaultCase,
  wish: { readonly name: string; readonly pauseSeconds: number },
): Promise<Scene> {
  const { name } = wish;
  const { parameters = {}, spec = {} } = fault;
  const bundle = await fault.bundle(world, wish);
  const target = `deployment/${name}`;
  const execution = await created(platform, { name, workflowId: fault.name, bundle, target, parameters, spec });
  return { platform, execution };
}

/** The part of a status that the table compares. */
export function endingOf(status: WorkflowExecutionStatus): Ending {
  const { reason = "", failureDetails } = status;
  if (failureDetails === undefined) return { reason };
  const { failedTaskName, failedTaskIndex, failedStepName, exitCode, wasExecutionFailure, retryAdvice } =
    failureDetails;
  return {
    reason,
    task: failedTaskName,
    taskIndex: failedTaskIndex,
    step: failedStepName,
    exitCode,
    executed: wasExecutionFailure,
    retryable: retryAdvice?.retryable,
  };
}
