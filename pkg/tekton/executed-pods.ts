import type { Pod } from "../api/core.ts";
import type { TaskRun, TaskRunStatus } from "../api/tekton.ts";
import { clip } from "./clip.ts";
import { items, text } from "./lenient.ts";
import { labelledTask } from "./pipeline-tasks.ts";
import type { RunEvidence } from "./run-evidence.ts";
import { podsOfAttempt, seenPods, STEP_CONTAINER, stepContainersOf } from "./seen-pods.ts";
import { hasContainerStarted, startedSteps } from "./started.ts";

const MAX_NAME_BYTES = 253;
const MAX_IMAGE_BYTES = 512;

/** A step that ran: its container was started, however it ended. */
export interface ExecutedStep {
  readonly step: string;
  /** Id of the image that the kubelet started, with its digest; absent where nobody says it. */
  readonly image?: string;
}

/** A pod of a run in which a step ran. */
export interface ExecutedPod {
  readonly task: string;
  readonly pod: string;
  /** Absent where the pod was gone before anybody saw it: Tekton writes down only its name. */
  readonly podUid?: string;
  readonly steps: readonly ExecutedStep[];
}

/**
 * The pods in which steps of a run ran, the oldest first, with what ran there: those of earlier attempts too, and those
 * that were made again under the same name. With a pod's uid every request of its service account is found in the API
 * server's audit log (audit.md section 2). Last come the attempts whose pods nobody saw.
 */
export function executedPods(evidence: Pick<RunEvidence, "taskRuns" | "pods" | "live">): readonly ExecutedPod[] {
  const attempts = items(evidence.taskRuns).flatMap((taskRun) => attemptsAt(taskRun, evidence));
  const seen = seenPods(evidence).map(({ pod }) =>
    fromPod(
      pod,
      attempts.find((attempt) => attempt.pod === pod),
    ),
  );
  const unseen = attempts.filter(({ pod }) => pod === undefined).map(fromStatus);
  return [...seen, ...unseen].filter(({ steps }) => steps.length > 0);
}

interface Attempt {
  readonly taskRun: TaskRun;
  readonly status: TaskRunStatus;
  /** The last of its pods, which its status tells of. */
  readonly pod: Pod | undefined;
}

function attemptsAt(taskRun: TaskRun, evidence: Pick<RunEvidence, "pods" | "live">): readonly Attempt[] {
  const statuses: readonly TaskRunStatus[] = [...items(taskRun.status?.retriesStatus), taskRun.status ?? {}];
  return statuses.map((status) => ({ taskRun, status, pod: podsOfAttempt(taskRun, status, evidence).at(-1)?.pod }));
}

function fromPod(pod: Pod, attempt: Attempt | undefined): ExecutedPod {
  const { name, uid } = pod.metadata;
  return {
    task: nameOf(labelledTask(attempt?.taskRun ?? pod)),
    pod: nameOf(text(name)),
    ...(uid === undefined ? {} : { podUid: nameOf(text(uid)) }),
    steps: stepsOf([...(attempt === undefined ? [] : toldByStatus(attempt)), ...toldByPod(pod)]),
  };
}

function fromStatus(attempt: Attempt): ExecutedPod {
  return {
    task: nameOf(labelledTask(attempt.taskRun)),
    pod: nameOf(text(attempt.status.podName)),
    steps: stepsOf(toldByStatus(attempt)),
  };
}

/** A step's name and the image that somebody says of it, "" where nobody does. */
type Told = readonly [name: string, image: string];

function toldByStatus({ taskRun, status, pod }: Attempt): readonly Told[] {
  return startedSteps(status, taskRun, pod).map(({ name, imageID }) => [text(name), text(imageID)]);
}

function toldByPod(pod: Pod): readonly Told[] {
  const started = stepContainersOf(pod).filter(hasContainerStarted);
  return started.map(({ name, imageID }) => [name.slice(STEP_CONTAINER.length), text(imageID)]);
}

/** Each step once. A pod that was last seen early knows fewer of them than the status, a status may lack the images. */
function stepsOf(told: readonly Told[]): readonly ExecutedStep[] {
  const images = new Map<string, string>();
  for (const [name, image] of told) images.set(name, images.get(name) || image);
  return [...images].map(([name, image]) => ({
    step: nameOf(name),
    ...(image === "" ? {} : { image: imageOf(image) }),
  }));
}

/** Without the scheme that some runtimes write before it (docker-pullable://): what follows is the same with all of them. */
function imageOf(imageID: string): string {
  return nameOf(imageID.replace(/^[a-z-]{1,32}:\/\//, ""), MAX_IMAGE_BYTES);
}

/**
 * Names and image references have no other characters. A status may hold anything, and what becomes part of a JSON text
 * that is cleaned of secrets afterwards must not end it half-way.
 */
function nameOf(value: string, maxBytes: number = MAX_NAME_BYTES): string {
  return clip(value.slice(0, maxBytes + 1).replaceAll(/[^\w.:/@+-]/g, "_"), maxBytes);
}
