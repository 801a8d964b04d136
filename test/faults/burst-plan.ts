import type { WorkflowExecutionSpec } from "../../pkg/api/workflow-execution.ts";
import type { ExecutionParts } from "../support/controller-world.ts";
import { createRandom, type Random } from "./seeded-random.ts";

/** What happens in one campaign, as far as a seed can say it beforehand. */
export interface BurstPlan {
  readonly seed: number;
  readonly controllers: number;
  /** Each is created at once. */
  readonly bursts: readonly (readonly ExecutionParts[])[];
}

export interface BurstSize {
  readonly executions: number;
  readonly targets: number;
}

/** A parameter with which a run is refused at its creation (refuse-runs.ts). */
export const REFUSED = "PLAY_REFUSED";

const WORKFLOWS = ["restart", "scale", "resize", "evict", "rollback"];
const SMALLEST_BURST = 10;
const LARGEST_BURST = 40;

/** The plan of a seed: bursts of executions on few targets, several workflows, some that wait, some that fail. */
export function planBursts(seed: number, { executions, targets }: BurstSize): BurstPlan {
  const random = createRandom(seed);
  const bursts: (readonly ExecutionParts[])[] = [];
  for (let planned = 0; planned < executions; planned += bursts.at(-1)?.length ?? 0) {
    const size = SMALLEST_BURST + random.below(LARGEST_BURST - SMALLEST_BURST + 1);
    const numbers = Array.from({ length: Math.min(size, executions - planned) }, (_, index) => planned + index);
    bursts.push(numbers.map((number) => planExecution(random, number, targets)));
  }
  return { seed, controllers: 3 - (seed % 2 === 0 ? 1 : 0), bursts };
}

function planExecution(random: Random, number: number, targets: number): ExecutionParts {
  const workflowId = random.pick(WORKFLOWS);
  return {
    name: `w${String(number)}`,
    target: spell(random, `api-${String(random.below(targets))}`),
    workflowId,
    parameters: {
      PLAY_STEP_MS: String(random.below(800)),
      ...(random.chance(0.12) ? { PLAY_ENDING: "fail" } : {}),
      ...(random.chance(0.06) ? { [REFUSED]: "true" } : {}),
    },
    spec: { ...workflow(workflowId), ...waiting(random) },
  };
}

/** The same object under one of its names. */
function spell(random: Random, name: string): string {
  return `payment/${random.pick(["Deployment", "deployment", "deployments.apps"])}/${name}`;
}

/** Each has a bundle of its own: a failure blocks all workflows of its bundle. */
function workflow(workflowId: string): Partial<WorkflowExecutionSpec> {
  const digest = Buffer.from(workflowId.padEnd(32, "-")).toString("hex");
  const containerImage = `registry.example.com/workflows/${workflowId}@sha256:${digest}`;
  return { workflowRef: { workflowId, version: "1.0.0", containerImage } };
}

function waiting(random: Random): Partial<WorkflowExecutionSpec> {
  return {
    ...(random.chance(0.4) ? { onBusy: "Wait" } : {}),
    ...(random.chance(0.3) ? { onCooldown: "Wait" } : {}),
  };
}
