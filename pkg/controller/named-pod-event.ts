import type { CoreEvent, PodEvent } from "../api/core.ts";
import { toTimestamp } from "../api/time.ts";
import { clip } from "../tekton/clip.ts";
import { moment, text } from "../tekton/lenient.ts";

/** A warning about a pod, under the name of its Event: told again, it replaces what was told before. */
export interface NamedPodEvent extends PodEvent {
  readonly namespace: string;
  /** metadata.name of the Event. */
  readonly name: string;
}

const MAX_REASON_BYTES = 128;
const MAX_MESSAGE_BYTES = 1024;

/** A warning about a pod: which pod, what, and when it happened last. */
export function keepPodEvent(event: CoreEvent): NamedPodEvent {
  const { metadata, involvedObject, reason, message, series, lastTimestamp, eventTime } = event;
  const times = [series?.lastObservedTime, lastTimestamp, eventTime, metadata.creationTimestamp];
  return {
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    podName: text(involvedObject.name),
    podUid: text(involvedObject.uid),
    reason: clip(text(reason), MAX_REASON_BYTES),
    message: clip(text(message), MAX_MESSAGE_BYTES),
    at: toTimestamp(times.map(moment).find((ms) => ms !== undefined) ?? 0),
  };
}
