/**
 * Plays Tekton and the kubelet on an API server that has neither: real objects, real watches, real deletions, and runs
 * that go as their parameters say (script.ts). It is a controller itself, made of the product's machinery, so it
 * survives whatever a test does to the API server.
 */
import { LABEL_EXECUTION_UID } from "../../../pkg/api/labels.ts";
import type { KubernetesObject } from "../../../pkg/api/meta.ts";
import type { PipelineRun } from "../../../pkg/api/tekton.ts";
import { resourceTypes } from "../../../pkg/kube/cluster-api.ts";
import type { Connection } from "../../../pkg/kube/connection.ts";
import { createListWatch } from "../../../pkg/kube/list-watch.ts";
import { createResource } from "../../../pkg/kube/resource.ts";
import type { ResourceType } from "../../../pkg/kube/resource-path.ts";
import { createReflector, type Reflector } from "../../../pkg/runtime/reflector.ts";
import { createStore, type Store } from "../../../pkg/runtime/store.ts";
import { realTimers } from "../../../pkg/runtime/timers.ts";
import { createWorkQueue, type WorkQueue } from "../../../pkg/runtime/work-queue.ts";
import { runWorkers } from "../../../pkg/runtime/worker-pool.ts";
import { makeMove, type Stage, type WritingMove, type Written } from "./make-move.ts";
import { nextMove, type Scene } from "./next-move.ts";
import type { TaskScene } from "./move-task.ts";
import type { PlayedPod, PlayedTaskRun, TaskName } from "./objects.ts";
import { scriptOf, type Ending, type Script } from "./script.ts";

export interface PlayerOptions {
  /** As administrator; the player doesn't close it. */
  readonly connection: Connection;
  /** Where the runs are. */
  readonly namespace: string;
  /** Hears of every move once the API server has answered. Must not throw. */
  readonly onMove?: (move: WritingMove) => void;
}

export interface TektonPlayer {
  /** Ends a run of that execution whose script says never, or changes how it will end. Its pod waits no longer. */
  end(executionUid: string, ending: Ending): void;
  /** Tekton does nothing more with the runs of that execution, as if it were down; the kubelet goes on. */
  hold(executionUid: string): void;
  /** Tekton is back. */
  release(executionUid: string): void;
  stop(): Promise<void>;
}

interface Objects {
  readonly runs: Store<PipelineRun, PipelineRun>;
  readonly taskRuns: Store<PlayedTaskRun, PlayedTaskRun>;
  readonly pods: Store<PlayedPod, PlayedPod>;
}

interface Play extends PlayerOptions {
  readonly objects: Objects;
  readonly stage: Stage;
  readonly queue: WorkQueue;
  /** Endings told by a test, by execution uid. */
  readonly told: Map<string, Ending>;
  /** Executions, by uid, for which Tekton is down. */
  readonly held: Set<string>;
  /** The script of each run that was seen, by execution uid. */
  readonly scripts: Map<string, Script>;
  /** When the step of a TaskRun began (ms), by its uid: its pod may be gone. */
  readonly began: Map<string, number>;
}

const RUN_LABEL = "tekton.dev/pipelineRun";
const TASK_RUN_UID = "tekton.dev/taskRunUID";
const WORKERS = 16;

/** Starts playing; resolves when it has seen all there is. */
export async function startTektonPlayer(options: PlayerOptions): Promise<TektonPlayer> {
  const { connection } = options;
  const objects: Objects = { runs: store(), taskRuns: store(), pods: store() };
  const stage: Stage = {
    runs: createResource(connection, resourceTypes.runs),
    taskRuns: createResource(connection, resourceTypes.taskRuns),
    pods: createResource(connection, resourceTypes.pods),
  };
  const retry = { baseMs: 20, maxMs: 1_000, jitter: "equal" } as const;
  const queue = createWorkQueue({ timers: realTimers, random: Math.random, backoff: retry });
  const memory = { told: new Map(), held: new Set<string>(), scripts: new Map(), began: new Map() };
  const play: Play = { ...options, objects, stage, queue, ...memory };
  subscribe(play);
  const stopping = new AbortController();
  const reflectors = [
    reflect(options, resourceTypes.runs, objects.runs),
    reflect(options, resourceTypes.taskRuns, objects.taskRuns),
    reflect(options, resourceTypes.pods, objects.pods),
  ];
  const watching = reflectors.map((reflector) => reflector.run(stopping.signal));
  await Promise.all(reflectors.map((reflector) => reflector.synced));
  const working = runWorkers(
    { queue, reconcile: (key) => step(key, play), workers: WORKERS, timers: realTimers, graceMs: 1_000 },
    stopping.signal,
  );
  return {
    end(executionUid, ending) {
      play.told.set(executionUid, ending);
      wake(executionUid, play);
    },
    hold: (executionUid) => {
      play.held.add(executionUid);
    },
    release(executionUid) {
      play.held.delete(executionUid);
      wake(executionUid, play);
    },
    async stop() {
      stopping.abort();
      await Promise.all([...watching, working]);
      // What still works would keep the process of the test waiting for its end.
      queue.shutdown();
    },
  };
}

function store<T extends KubernetesObject>(): Store<T, T> {
  return createStore({ project: (object: T) => object, indices: {} });
}

function reflect<T extends KubernetesObject>(
  { connection, namespace }: PlayerOptions,
  type: ResourceType,
  target: Store<T, T>,
): Reflector {
  const source = createListWatch<T>(connection, type, { namespace, labelSelector: LABEL_EXECUTION_UID });
  const backoff = { baseMs: 100, maxMs: 1_000, jitter: "equal" } as const;
  return createReflector({ source, store: target, timers: realTimers, random: Math.random, settings: { backoff } });
}

/** Keys are those of runs; a child leads to its run by Tekton's label. */
function subscribe({ objects, queue }: Play): void {
  objects.runs.subscribe(({ key }) => {
    queue.add(key);
  });
  for (const children of [objects.taskRuns, objects.pods]) {
    children.subscribe(({ before, after }) => {
      const { namespace = "", labels } = (after ?? before)?.metadata ?? {};
      queue.add(`${namespace}/${labels?.[RUN_LABEL] ?? ""}`);
    });
  }
}

/** One move of one run; what it wrote leads to the next. */
async function step(key: string, play: Play): Promise<{ readonly requeueAfterMs?: number }> {
  const move = nextMove(sceneOf(key, play));
  if (move.type === "Rest") return {};
  if (move.type === "Work") return { requeueAfterMs: move.forMs };
  const written = await makeMove(move, play.stage);
  if (move.type === "BeginPod") play.began.set(move.pod.metadata.labels?.[TASK_RUN_UID] ?? "", performance.now());
  play.onMove?.(move);
  learn(written, play);
  return {};
}

function learn(written: Written, { objects }: Play): void {
  if (written === undefined) return;
  if (written.kind === "run") objects.runs.applyWrite(written.object);
  if (written.kind === "taskRun") objects.taskRuns.applyWrite(written.object);
  if (written.kind === "pod") objects.pods.applyWrite(written.object);
}

function sceneOf(key: string, play: Play): Scene {
  const run = play.objects.runs.get(key);
  const [act, cleanup] = [taskScene(key, "act", play), taskScene(key, "cleanup", play)];
  const uid = executionUidOf(run ?? act.pod ?? cleanup.pod ?? act.taskRun ?? cleanup.taskRun);
  const script = scriptNow(run, uid, play);
  return { run, act, cleanup, script, now: Date.now(), isHeld: play.held.has(uid) };
}

function taskScene(key: string, task: TaskName, { objects, began }: Play): TaskScene {
  const taskRun = objects.taskRuns.get(`${key}-${task}`);
  const pod = objects.pods.get(`${key}-${task}-pod`);
  const since = began.get(taskRun?.metadata.uid ?? "");
  const workedMs = since === undefined ? Infinity : performance.now() - since;
  return { task, taskRun, pod, workedMs, hasBegun: since !== undefined };
}

function executionUidOf(object: KubernetesObject | undefined): string {
  return object?.metadata.labels?.[LABEL_EXECUTION_UID] ?? "";
}

/** A run that was deleted leaves a pod to be stopped, which its script is remembered for. */
function scriptNow(run: PipelineRun | undefined, uid: string, { told, scripts }: Play): Script {
  if (run !== undefined) scripts.set(uid, scriptOf(run));
  const script = scripts.get(uid) ?? scriptOf({ metadata: { name: "" }, spec: {} });
  const ending = told.get(uid);
  return ending === undefined ? script : { ...script, ending, podsWait: false };
}

/** Looks at the runs of an execution again. */
function wake(executionUid: string, { objects, queue }: Play): void {
  for (const run of objects.runs.list()) {
    const { namespace = "", name } = run.metadata;
    if (executionUidOf(run) === executionUid) queue.add(`${namespace}/${name}`);
  }
}
