/**
 * What Tekton, and the kubelet for its pods, would do next with one run. The order of the writes is Tekton's own: the pod
 * ends, then the TaskRun, then the run. A run that is cancelled for good, or whose time is over, has ended as soon as its
 * TaskRuns were told to stop: they and their pods stop later (tektoncd pkg/reconciler/pipelinerun/cancel.go, timeout.go).
 */
import type { PipelineRun } from "../../../pkg/api/tekton.ts";
import { fromTimestamp } from "../../../pkg/api/time.ts";
import { parseGoDuration } from "../../../pkg/tekton/go-duration.ts";
import { isDone, isPendingRun, succeededCondition } from "../../../pkg/tekton/run-state.ts";
import { kubeletMove, moveTask, removePod, type TaskMove, type TaskScene } from "./move-task.ts";
import { CANCELLED_BY_RUN, TIMED_OUT_BY_RUN } from "./objects.ts";
import type { Script } from "./script.ts";

/** A run and what was made for it, as far as it exists. */
export interface Scene {
  /** Undefined where it was deleted; its children may still be there. */
  readonly run: PipelineRun | undefined;
  /** Its only task. */
  readonly act: TaskScene;
  /** Its only `finally` task, where its script has one. */
  readonly cleanup: TaskScene;
  readonly script: Script;
  readonly now: number;
  /** Tekton is down; the kubelet isn't. */
  readonly isHeld: boolean;
}

/** One request to the API server, or none for that time. */
export type Move =
  | { readonly type: "Rest" }
  | { readonly type: "Work"; readonly forMs: number }
  | { readonly type: "MarkPending"; readonly run: PipelineRun }
  | { readonly type: "BeginRun"; readonly run: PipelineRun; readonly hasFinally: boolean }
  | { readonly type: "BeginFinally"; readonly run: PipelineRun }
  | { readonly type: "EndRun"; readonly run: PipelineRun; readonly outcome: RunOutcome }
  | { readonly type: "CreateTaskRun"; readonly run: PipelineRun; readonly task: TaskScene["task"] }
  | TaskMove;

export type RunOutcome = "succeeded" | "failed" | "cancelled" | "timedOut";

/** How a run is being stopped: which of its tasks are, and what is said to them. */
interface Stop {
  readonly stopsAct: boolean;
  /** Neither tasks nor `finally` are waited for. */
  readonly isFinal: boolean;
  readonly message: string;
}

const REST: Move = { type: "Rest" };
const LONGEST_REST_MS = 60_000;

/** The next move; `Rest` where nothing is to be done until something changes. */
export function nextMove(scene: Scene): Move {
  const { run, act, cleanup, script, isHeld } = scene;
  const removal = removePod(act, script) ?? removePod(cleanup, script);
  if (removal !== undefined) return removal;
  const told = isHeld ? undefined : tektonMove(scene);
  if (told !== undefined) return told;
  if (run === undefined || run.metadata.deletionTimestamp !== undefined) return REST;
  return kubeletMove(act, script) ?? kubeletMove(cleanup, script) ?? rest(run, scene);
}

function tektonMove(scene: Scene): Move | undefined {
  const { run, act, cleanup, script } = scene;
  if (run === undefined) return stopOrphan(act, script) ?? stopOrphan(cleanup, script);
  if (run.metadata.deletionTimestamp !== undefined) return undefined;
  // Each TaskRun is a matter of its own: it goes on after its run has ended.
  if (isDone(run)) return goOn(act, script) ?? goOn(cleanup, script);
  if (isPendingRun(run)) return succeededCondition(run) === undefined ? { type: "MarkPending", run } : undefined;
  return moveRun(run, scene);
}

function stopOrphan(task: TaskScene, script: Script): Move | undefined {
  return task.taskRun?.spec?.status === undefined ? undefined : goOn(task, script);
}

function goOn(task: TaskScene, script: Script): Move | undefined {
  const { taskRun } = task;
  if (taskRun === undefined || isDone(taskRun) || taskRun.metadata.deletionTimestamp !== undefined) return undefined;
  return moveTask(taskRun, task, script);
}

function moveRun(run: PipelineRun, scene: Scene): Move | undefined {
  if (run.status?.pipelineSpec !== undefined) return moveBegunRun(run, scene);
  if (run.spec.status !== undefined) return { type: "EndRun", run, outcome: "cancelled" };
  return { type: "BeginRun", run, hasFinally: scene.script.finally !== "none" };
}

function moveBegunRun(run: PipelineRun, scene: Scene): Move | undefined {
  const { act, script } = scene;
  const stop = stopOf(run, scene);
  if (stop?.isFinal === true) return endAtOnce(run, stop, scene);
  if (act.taskRun === undefined && stop === undefined) return { type: "CreateTaskRun", run, task: "act" };
  if (act.taskRun === undefined || isDone(act.taskRun)) return moveFinally(run, scene);
  const tell = stop?.stopsAct === true ? tellToStop(act, stop.message) : undefined;
  return tell ?? moveTask(act.taskRun, act, script);
}

function endAtOnce(run: PipelineRun, { message }: Stop, { act, cleanup, script }: Scene): Move {
  const outcome = message === TIMED_OUT_BY_RUN ? "timedOut" : "cancelled";
  const missesTask = script.missesTask && outcome === "cancelled";
  const tell = missesTask ? undefined : (tellToStop(act, message) ?? tellToStop(cleanup, message));
  return tell ?? { type: "EndRun", run, outcome };
}

function tellToStop({ taskRun }: TaskScene, statusMessage: string): Move | undefined {
  if (taskRun === undefined || isDone(taskRun) || taskRun.spec?.status !== undefined) return undefined;
  return { type: "CancelTaskRun", taskRun, statusMessage };
}

function moveFinally(run: PipelineRun, { act, cleanup, script }: Scene): Move | undefined {
  if (script.finally === "none") return { type: "EndRun", run, outcome: outcomeOf(run, act) };
  if (run.status?.finallyStartTime === undefined) return { type: "BeginFinally", run };
  if (cleanup.taskRun === undefined) return { type: "CreateTaskRun", run, task: "cleanup" };
  if (isDone(cleanup.taskRun)) return { type: "EndRun", run, outcome: outcomeOf(run, act) };
  return moveTask(cleanup.taskRun, cleanup, script);
}

/** StoppedRunFinally lets running tasks end; Cancelled, and the end of the whole time, leave nothing out. */
function stopOf(run: PipelineRun, { now, script }: Scene): Stop | undefined {
  const { status } = run.spec;
  const { pipeline, tasks } = deadlinesOf(run, script);
  if (status === "Cancelled") return { stopsAct: true, isFinal: true, message: CANCELLED_BY_RUN };
  if (now >= pipeline) return { stopsAct: true, isFinal: true, message: TIMED_OUT_BY_RUN };
  if (status === "CancelledRunFinally") return { stopsAct: true, isFinal: false, message: CANCELLED_BY_RUN };
  if (now >= tasks) return { stopsAct: true, isFinal: false, message: TIMED_OUT_BY_RUN };
  return status === undefined ? undefined : { stopsAct: false, isFinal: false, message: "" };
}

/** When (ms) the whole run, and its tasks, must have ended; Infinity where there is no such time. */
function deadlinesOf(
  { spec, status }: PipelineRun,
  { ignoresTime }: Script,
): { readonly pipeline: number; readonly tasks: number } {
  const start = fromTimestamp(status?.startTime ?? "");
  if (Number.isNaN(start) || ignoresTime) return { pipeline: Infinity, tasks: Infinity };
  const { pipeline = "", tasks = "" } = spec.timeouts ?? {};
  return {
    pipeline: start + (parseGoDuration(pipeline) ?? Infinity),
    tasks: start + (parseGoDuration(tasks) ?? Infinity),
  };
}

/** A TaskRun that was cancelled alone makes its run Cancelled, too. */
function outcomeOf(run: PipelineRun, { taskRun }: TaskScene): RunOutcome {
  if (run.spec.status !== undefined) return "cancelled";
  if (taskRun === undefined) return "timedOut";
  if (succeededCondition(taskRun)?.status === "True") return "succeeded";
  if (taskRun.spec?.status === undefined) return "failed";
  return taskRun.spec.statusMessage === TIMED_OUT_BY_RUN ? "timedOut" : "cancelled";
}

/** Tekton looks at a run that goes on again when its time is over. */
function rest(run: PipelineRun, { now, isHeld, script }: Scene): Move {
  if (isHeld || isDone(run)) return REST;
  const left = Object.values(deadlinesOf(run, script)).filter((at) => at > now);
  const next = Math.min(...left) - now;
  return Number.isFinite(next) ? { type: "Work", forMs: Math.min(next, LONGEST_REST_MS) } : REST;
}
