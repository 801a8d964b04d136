import type { ContainerStatus, Pod, PodEvent } from "../api/core.ts";
import type { Confidence, FailureReason } from "./failure-reason.ts";
import { items, moment, text } from "./lenient.ts";
import { containersOf } from "./seen-pods.ts";
import { hasContainerStarted, hasPodExecuted } from "./started.ts";
import { BAD_CONTAINER, BAD_IMAGE_WAITING, SETUP_EVENTS } from "./tekton-reasons.ts";

/** What keeps a pod from starting. */
export interface PodObstacle {
  /** The kubelet's or the scheduler's own word for it. */
  readonly reason: string;
  /** Where and why, in the same words. */
  readonly message: string;
  /** The category of a failure that comes of it; undefined where it may have many causes. */
  readonly category?: FailureReason;
  readonly confidence: Confidence;
}

/** A volume names something that isn't there, or a key that isn't in it (kubelet, MountVolume.SetUp). */
const MISSING_OBJECT =
  /\b(?:configmap|secret|serviceaccount|persistentvolumeclaim) "[^"]+" not found|references non-existent (?:config|secret) key/i;
/** Written also about pods that start a moment later: the kubelet had not yet heard of the object. */
const ONLY_EARLY = /failed to sync (?:configmap|secret) cache/;

/**
 * What keeps a pod from starting, by the pod itself, else by the warnings about it; undefined where nothing does, or
 * where its containers have started. A pod that nobody has seen is judged by the warnings alone.
 */
export function podObstacle(pod: Pod | undefined, events: readonly PodEvent[]): PodObstacle | undefined {
  if (pod === undefined) return byEvents(events);
  const own = events.filter(({ podUid }) => podUid === pod.metadata.uid);
  return badContainer(pod, own) ?? unschedulable(pod) ?? byEvents(own.filter((event) => mayStillHold(event, pod)));
}

/** A warning about what a pod needs first is over once a container has started; one about images once a step has. */
function mayStillHold(event: PodEvent, pod: Pod): boolean {
  return isPullFailure(event) ? !hasPodExecuted(pod) : !containersOf(pod).some(hasContainerStarted);
}

function badContainer(pod: Pod, events: readonly PodEvent[]): PodObstacle | undefined {
  for (const container of containersOf(pod)) {
    const reason = text(container.state?.waiting?.reason);
    const message = `pod ${pod.metadata.name}, container ${text(container.name)}: ${waitingWords(container, events)}`;
    if (BAD_IMAGE_WAITING.has(reason)) return { reason, message, category: "ImagePullBackOff", confidence: "certain" };
    if (BAD_CONTAINER.has(reason)) return { reason, message, category: "ConfigurationError", confidence: "certain" };
  }
  return undefined;
}

/** An older kubelet says only "Back-off pulling image" there; the cause is in the warning about the pull itself. */
function waitingWords({ state }: ContainerStatus, events: readonly PodEvent[]): string {
  const message = text(state?.waiting?.message);
  const pull = latest(events.filter((event) => isPullFailure(event)));
  const hasCause = pull === undefined || /\b(?:error|err|failed|code)\b|Err[A-Z]/.test(message);
  return hasCause ? message : `${message}: ${pull.message}`;
}

function unschedulable(pod: Pod): PodObstacle | undefined {
  const condition = items(pod.status?.conditions).find(
    ({ type, status }) => type === "PodScheduled" && status === "False",
  );
  if (condition === undefined || text(condition.reason) !== "Unschedulable") return undefined;
  return noNode("Unschedulable", pod.metadata.name, text(condition.message), "certain");
}

/** A volume claim that doesn't exist is a mistake in the workflow, not a lack of room. */
function noNode(reason: string, podName: string, words: string, confidence: Confidence): PodObstacle {
  const message = `pod ${podName}: ${words}`;
  return MISSING_OBJECT.test(words)
    ? { reason, message, category: "ConfigurationError", confidence: "likely" }
    : { reason, message, category: "ResourceExhausted", confidence };
}

/** The latest warning that says something about the start of the pod. */
function byEvents(events: readonly PodEvent[]): PodObstacle | undefined {
  const found = latest(events.filter((event) => isAboutStart(event)));
  return found === undefined ? undefined : obstacleOf(found);
}

function isAboutStart(event: PodEvent): boolean {
  if (ONLY_EARLY.test(text(event.message))) return false;
  return SETUP_EVENTS.has(event.reason) || event.reason === "FailedScheduling" || isPullFailure(event);
}

function obstacleOf({ reason, podName, message: words }: PodEvent): PodObstacle {
  if (reason === "FailedScheduling") return noNode(reason, podName, words, "likely");
  const message = `pod ${podName}: ${words}`;
  if (!SETUP_EVENTS.has(reason)) return { reason, message, category: "ImagePullBackOff", confidence: "likely" };
  if (MISSING_OBJECT.test(words)) return { reason, message, category: "ConfigurationError", confidence: "likely" };
  return { reason, message, confidence: "unknown" };
}

/** Words of the kubelet's image manager (kubernetes pkg/kubelet/images/image_manager.go). */
function isPullFailure({ reason, message }: PodEvent): boolean {
  if (reason === "InspectFailed" || reason === "ErrImageNeverPull") return true;
  return reason === "Failed" && text(message).startsWith("Failed to pull image ");
}

function latest(events: readonly PodEvent[]): PodEvent | undefined {
  return events.toSorted((a, b) => (moment(a.at) ?? 0) - (moment(b.at) ?? 0)).at(-1);
}
