import type { Request } from "../../pkg/controller/perform.ts";
import type { Stores } from "../../pkg/controller/stores.ts";
import type { Absorbed } from "../../pkg/execution/absorb.ts";
import type { Policy } from "../../pkg/execution/policy.ts";
import type { Result } from "../../pkg/execution/result.ts";
import type { Snapshot } from "../../pkg/execution/snapshot.ts";
import type { Step } from "../../pkg/execution/step.ts";
import { aPolicy } from "../support/builders/a-snapshot.ts";
import type { ApiRequest } from "./api-request.ts";
import type { Budget } from "./layout.ts";
import type { Invariant } from "./move.ts";

export type RunOutcome = "succeeded" | "failed";

/** How the creation of a run may be refused: for good (twice), or for now. */
export type CreationRefusal = "rejected" | "forbidden" | "quota" | "unknown";

/** An execution that somebody asks for. All have the same target. */
export interface Asked {
  readonly workflow: string;
  /** What is in it; its own where nothing is said. */
  readonly bundle?: string;
  readonly onBusy?: "Wait";
  readonly onCooldown?: "Wait";
  /** It isn't there from the beginning. */
  readonly comesLater?: boolean;
}

/** How large the simulated world is, and what may happen in it. */
export interface Bounds {
  readonly executions: readonly Asked[];
  /** Controllers with a worker each, all of them active. */
  readonly controllers: number;
  /** How often each of these may happen. */
  readonly budgets: Readonly<Record<Budget, number>>;
  /** How often time moves on by a tick, and by a day. */
  readonly ticks: number;
  readonly tickMs: number;
  readonly days: number;
  /** True: reads that follow each other are one moment, so that less happens in between. */
  readonly areReadsInstant: boolean;
  /** True: Tekton takes up a run, makes its pod and starts its step at once, and run and task end at once. */
  readonly isTektonCoarse: boolean;
  /** True: every request is answered, or given up by its sender, before time moves on. */
  readonly areAnswersPrompt: boolean;
  /** True: a controller gives up a key for a while where it keeps changing under its hands. */
  readonly areSurprisesCounted: boolean;
  /** How the runs may end. */
  readonly outcomes: readonly RunOutcome[];
  /** How their creation may be refused. */
  readonly refusals: readonly CreationRefusal[];
  /** False: the executions have their finalizer from the beginning. */
  readonly addsFinalizer: boolean;
  /** The audit side commits at any time; else only what is waited for, in the end. */
  readonly commits: boolean;
  readonly policy: Policy;
  /** Only these are checked; all where nothing is said. */
  readonly invariants?: readonly Invariant[];
}

const MINUTE_MS = 60_000;
/** Later than everything that happens. */
const NEVER_MS = 100 * 24 * 60 * MINUTE_MS;

/** Two of the same workflow, and one of another that does the same. */
export const RESTART: Asked = { workflow: "restart" };
export const SCALE: Asked = { workflow: "scale" };
export const REBOOT: Asked = { workflow: "reboot", bundle: "restart" };

/** No faults, and nobody does anything. */
export const NO_FAULTS: Bounds["budgets"] = {
  ...{ crashes: 0, lates: 0, lags: 0 },
  ...{ deletions: 0, removals: 0, losses: 0, refusals: 0, wishes: 0, cancels: 0, remakes: 0 },
};

/** What most bounds have in common: the smallest world in which anything happens. */
export const SMALLEST: Bounds = {
  executions: [RESTART],
  controllers: 1,
  budgets: NO_FAULTS,
  ticks: 0,
  // Shorter than the cooldown, longer than all other waiting times.
  tickMs: 4 * MINUTE_MS,
  days: 0,
  areReadsInstant: true,
  isTektonCoarse: true,
  areAnswersPrompt: true,
  areSurprisesCounted: false,
  outcomes: ["succeeded"],
  refusals: ["rejected"],
  addsFinalizer: false,
  commits: false,
  // Backoff: a tick after the first failure, two after the second, a block after the third.
  policy: aPolicy({
    ...{ defaultMaxDelayMs: 60 * MINUTE_MS, defaultTimeoutMs: NEVER_MS, stuckAfterMs: NEVER_MS },
    ...{ backoffBaseMs: 3 * MINUTE_MS, backoffMaxMs: 7 * MINUTE_MS, maxConsecutiveFailures: 3 },
  }),
};

/** Who waits isn't ended by its deadline. */
export const WITHOUT_DEADLINE: Policy = { ...SMALLEST.policy, defaultMaxDelayMs: NEVER_MS };

/** A run that is started has no time for a tick. */
export const SHORT_TIMEOUT: Policy = { ...SMALLEST.policy, defaultTimeoutMs: 3 * MINUTE_MS };

/** What every execution in mode strict needs: commits at any time. */
export const STRICT = { policy: { ...SMALLEST.policy, auditMode: "strict" }, commits: true } as const;

/** What is examined: the product, or the product with an ingredient taken out. */
export interface Product {
  readonly nextStep: (snapshot: Snapshot, policy: Policy) => Step;
  readonly absorb: (snapshot: Snapshot, step: Step, result: Result) => Absorbed;
  /** The request of a step, as it reaches the API server. */
  readonly request: (step: Request) => ApiRequest | undefined;
  /** Tells which keys a change in these stores wakes. */
  readonly watch: (stores: Stores, wake: (key: string) => void) => () => void;
}
