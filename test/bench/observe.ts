/** Notes what happens to each execution when. All times are of this process (ms). */
import { LABEL_EXECUTION_UID } from "../../pkg/api/labels.ts";
import type { WorkflowExecution } from "../../pkg/api/workflow-execution.ts";
import { isTerminal } from "../../pkg/execution/conditions.ts";
import { isWaitingReason } from "../../pkg/execution/waiting.ts";
import { isPendingRun } from "../../pkg/tekton/run-state.ts";
import type { World } from "../support/controller-world.ts";

/** When the stages of one execution were seen. */
export interface Life {
  /** The request to create it was sent. */
  readonly created?: number;
  /** Its run was there, or its status was Skipped: what its target allows is known. */
  readonly decided?: number;
  readonly skipped?: number;
  /** It said that it waits for its target. */
  readonly waiting?: number;
  /** Its run had left Pending. */
  readonly started?: number;
  /** Tekton had written that its run is done. */
  readonly runEnded?: number;
  /** Its status was terminal. */
  readonly finished?: number;
  /** Its last audit event was acknowledged and its target given back: nothing is written any more. */
  readonly settled?: number;
}

/** Watches the stages of every execution; `lives` is by execution uid. */
export interface Observer {
  readonly lives: ReadonlyMap<string, Life>;
  /** Tells of the end of a run, as the player wrote it. */
  runEnded(executionUid: string): void;
  created(executionUid: string, at: number): void;
}

/** Notes the stages of all executions from now on. */
export function observe({ stores }: Pick<World, "stores">): Observer {
  const lives = new Map<string, Life>();
  stores.runs.subscribe(({ after }) => {
    const uid = after?.metadata.labels?.[LABEL_EXECUTION_UID];
    if (after === undefined || uid === undefined) return;
    note(uid, "decided");
    if (!isPendingRun(after)) note(uid, "started");
  });
  stores.executions.subscribe(({ after }) => {
    if (after !== undefined) for (const stage of stagesOf(after)) note(after.metadata.uid ?? "", stage);
  });
  return {
    lives,
    runEnded: (uid) => {
      note(uid, "runEnded");
    },
    created: (uid, at) => {
      lives.set(uid, { ...lives.get(uid), created: at });
    },
  };

  function note(uid: string, stage: keyof Life): void {
    const life = lives.get(uid) ?? {};
    if (life[stage] === undefined) lives.set(uid, { ...life, [stage]: performance.now() });
  }
}

/** The stages that the status of an execution shows. */
function stagesOf(execution: WorkflowExecution): readonly (keyof Life)[] {
  const { phase, reason } = execution.status ?? {};
  if (!isTerminal(phase)) return isWaitingReason(reason) ? ["waiting"] : [];
  const ended = isSettled(execution) ? (["finished", "settled"] as const) : (["finished"] as const);
  return phase === "Skipped" ? ["decided", "skipped", ...ended] : ended;
}

function isSettled({ status }: WorkflowExecution): boolean {
  const conditions = status?.conditions ?? [];
  const isRecorded = conditions.some((condition) => condition.type === "AuditRecorded" && condition.status === "True");
  return isRecorded && !conditions.some(({ type, status: is }) => type === "ResourceLocked" && is === "True");
}
