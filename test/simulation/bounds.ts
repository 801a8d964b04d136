import type { Request } from "../../pkg/controller/perform.ts";
import type { Policy } from "../../pkg/execution/policy.ts";
import type { Snapshot } from "../../pkg/execution/snapshot.ts";
import type { Step } from "../../pkg/execution/step.ts";
import { aPolicy } from "../support/builders/a-snapshot.ts";
import type { ApiRequest } from "./api-request.ts";
import type { Budget } from "./layout.ts";
import type { Invariant } from "./move.ts";

export type RunOutcome = "succeeded" | "failed";

/** How large the simulated world is, and what may happen in it. */
export interface Bounds {
  /** The workflow of each execution; all have the same target. */
  readonly workflows: readonly string[];
  /** Controllers with a worker each, all of them active. */
  readonly controllers: number;
  /** How often each of these may happen. */
  readonly budgets: Readonly<Record<Budget, number>>;
  /** How often time moves on. */
  readonly ticks: number;
  readonly tickMs: number;
  /** True: reads that follow each other are one moment, so that less happens in between. */
  readonly areReadsInstant: boolean;
  /** True: Tekton takes up a run and makes its pod in one step, and run and task end in one step. */
  readonly isTektonCoarse: boolean;
  /** True: every request is answered, or given up by its sender, before time moves on. */
  readonly areAnswersPrompt: boolean;
  /** How the runs may end. */
  readonly outcomes: readonly RunOutcome[];
  /** False: the executions have their finalizer from the beginning. */
  readonly addsFinalizer: boolean;
  /** The audit side commits at any time; else only what is waited for, in the end. */
  readonly commits: boolean;
  readonly policy: Policy;
  /** Only these are checked; all where nothing is said. */
  readonly invariants?: readonly Invariant[];
}

/** What most bounds have in common: the smallest world in which anything happens. */
export const SMALLEST: Bounds = {
  workflows: ["restart"],
  controllers: 1,
  budgets: { crashes: 0, lates: 0, lags: 0, deletions: 0, losses: 0 },
  ticks: 0,
  // Shorter than the cooldown, longer than all other waiting times.
  tickMs: 4 * 60_000,
  areReadsInstant: true,
  isTektonCoarse: true,
  areAnswersPrompt: true,
  outcomes: ["succeeded"],
  addsFinalizer: false,
  commits: false,
  policy: aPolicy({ defaultMaxDelayMs: 60 * 60_000 }),
};

/** No faults, and nobody deletes anything. */
export const NO_FAULTS = SMALLEST.budgets;

/** What is examined: the product, or the product with an ingredient taken out. */
export interface Product {
  readonly nextStep: (snapshot: Snapshot, policy: Policy) => Step;
  /** The request of a step, as it reaches the API server. */
  readonly request: (step: Request) => ApiRequest | undefined;
}
