/** Creates executions at a steady rate and notes what happens to each when. All times are of this process (ms). */
import { LABEL_EXECUTION_UID } from "../../pkg/api/labels.ts";
import type { WorkflowExecution } from "../../pkg/api/workflow-execution.ts";
import { isTerminal } from "../../pkg/execution/conditions.ts";
import { isPendingRun } from "../../pkg/tekton/run-state.ts";
import { waitFor } from "../cluster/wait.ts";
import { aPlayedExecution, type World } from "../support/controller-world.ts";

/** When the stages of one execution were seen. */
export interface Life {
  readonly created: number;
  /** Its run had left Pending. */
  readonly started?: number;
  /** Tekton had written that its run is done. */
  readonly runEnded?: number;
  /** Its status was terminal. */
  readonly finished?: number;
  /** Its last audit event was acknowledged and its target given back: nothing is written any more. */
  readonly settled?: number;
}

export interface LoadOptions {
  /** Executions a second. */
  readonly rate: number;
  readonly count: number;
  /** Begins the names of executions and targets: every execution has a target of its own. */
  readonly prefix: string;
  /** How long each run's step works. */
  readonly stepMs: number;
}

/** Watches the stages of every execution; `lives` is by execution uid. */
export interface Observer {
  readonly lives: ReadonlyMap<string, Life>;
  /** Tells of the end of a run, as the player wrote it. */
  runEnded(executionUid: string): void;
  created(execution: WorkflowExecution, at: number): void;
}

/** Notes the stages of all executions from now on. */
export function observe({ stores }: Pick<World, "stores">): Observer {
  const lives = new Map<string, Partial<Life>>();
  stores.runs.subscribe(({ after }) => {
    const uid = after?.metadata.labels?.[LABEL_EXECUTION_UID];
    if (after !== undefined && uid !== undefined && !isPendingRun(after)) note(uid, "started");
  });
  stores.executions.subscribe(({ after }) => {
    const uid = after?.metadata.uid ?? "";
    if (!isTerminal(after?.status?.phase)) return;
    note(uid, "finished");
    if (isSettled(after)) note(uid, "settled");
  });
  return {
    lives: lives as ReadonlyMap<string, Life>,
    runEnded: (uid) => {
      note(uid, "runEnded");
    },
    created: ({ metadata }, at) => {
      lives.set(metadata.uid ?? "", { ...lives.get(metadata.uid ?? ""), created: at });
    },
  };

  function note(uid: string, stage: keyof Life): void {
    const life = lives.get(uid) ?? {};
    if (life[stage] === undefined) lives.set(uid, { ...life, [stage]: performance.now() });
  }
}

function isSettled(execution: WorkflowExecution | undefined): boolean {
  const conditions = execution?.status?.conditions ?? [];
  const isRecorded = conditions.some(({ type, status }) => type === "AuditRecorded" && status === "True");
  return isRecorded && !conditions.some(({ type, status }) => type === "ResourceLocked" && status === "True");
}

/** A machine that is too slow for the rate still gets figures, late. */
const SETTLE_DEADLINE_MS = 300_000;

/** Runs a load to its end. Gives the lives of its executions. */
export async function runLoad(world: World, observer: Observer, options: LoadOptions): Promise<readonly Life[]> {
  const numbers = Array.from({ length: options.count }, (_, index) => index);
  const began = performance.now();
  const uids = await Promise.all(
    numbers.map(async (number) => {
      await delay((number * 1000) / options.rate, began);
      return createOne(world, observer, { ...options, number });
    }),
  );
  await waitFor("all executions to settle", SETTLE_DEADLINE_MS, () =>
    uids.every((uid) => observer.lives.get(uid)?.settled !== undefined),
  );
  return uids.map((uid) => observer.lives.get(uid)).filter((life) => life !== undefined);
}

async function createOne(
  world: World,
  observer: Observer,
  { prefix, number, stepMs }: LoadOptions & { readonly number: number },
): Promise<string> {
  const name = `${prefix}-${String(number)}`;
  const parameters = { PLAY_STEP_MS: String(stepMs) };
  const at = performance.now();
  const target = `payment/deployment/${name}`;
  const execution = await world.api.executions.create(aPlayedExecution({ name, target, parameters }));
  observer.created(execution, at);
  return execution.metadata.uid ?? "";
}

/** Resolves so many ms after `began`: the load's rate doesn't depend on how fast it is served. */
function delay(ms: number, began: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, ms - (performance.now() - began)));
  });
}
