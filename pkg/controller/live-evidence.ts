/**
 * What was seen of the runs that live: pods that are gone, warnings about pods, ends of logs. Tekton deletes pods on
 * cancel, timeout and image pull failure, and the API server forgets events after an hour, so whoever explains a failure
 * afterwards has only this (failures.md section 3). It is memory of this process: after a restart everything is read
 * again that can still be read.
 *
 * Every list has a limit, and all of it is forgotten when its execution has ended: then it is in the failure details.
 */
import type { Pod } from "../api/core.ts";
import { LABEL_EXECUTION_UID } from "../api/labels.ts";
import { isTerminal } from "../execution/conditions.ts";
import { keyOf, type StoreChange } from "../runtime/store.ts";
import { clipStart } from "../tekton/clip.ts";
import { NO_LIVE_EVIDENCE, type LiveEvidence, type StepLog } from "../tekton/run-evidence.ts";
import { keepNewest } from "./keep-newest.ts";
import type { NamedPodEvent } from "./named-pod-event.ts";
import { executionOfPod } from "./pod-owner.ts";
import { podsOf } from "./pods-of.ts";
import type { Stores } from "./stores.ts";

/** What is kept at most. */
export const EVIDENCE_LIMITS = {
  /** Of one execution. */
  lostPods: 8,
  events: 16,
  eventsOfOnePod: 8,
  logs: 4,
  logBytes: 8 * 1024,
  /** Executions that this process doesn't know: not told of yet, or gone for good. */
  unknownExecutions: 100,
  /** Pods of which nobody has said yet whose they are: warnings come over another connection than pods. */
  unknownPods: 256,
} as const;

/** How much is kept now. */
export interface EvidenceCounts {
  readonly executions: number;
  readonly lostPods: number;
  readonly events: number;
  readonly logs: number;
  /** Warnings about pods that are nobody's so far. */
  readonly unclaimed: number;
}

export interface LiveMemory {
  /** What is kept for the execution with that uid. */
  of(executionUid: string): LiveEvidence;
  /** Keeps the ends of logs that were read for a live execution. */
  noteLogs(executionUid: string, logs: readonly StepLog[]): void;
  counts(): EvidenceCounts;
}

/** Remembers what the stores tell from now on. */
export function rememberLiveEvidence(stores: Stores): LiveMemory {
  return new LiveEvidenceMemory(stores);
}

/** Each map is in the order in which it was told, the newest last. */
interface Kept {
  /** By uid. */
  readonly lostPods: Map<string, Pod>;
  /** By the name of the Event. */
  readonly events: Map<string, NamedPodEvent>;
  /** By pod uid and container. */
  readonly logs: Map<string, StepLog>;
}

class LiveEvidenceMemory implements LiveMemory {
  readonly #stores: Stores;
  readonly #kept = new Map<string, Kept>();
  /** Uids of those executions among them that aren't in the store. */
  readonly #unknown = new Map<string, true>();
  readonly #unclaimed = new Map<string, Map<string, NamedPodEvent>>();

  constructor(stores: Stores) {
    this.#stores = stores;
    stores.executions.subscribe(({ before, after }) => {
      const { uid = "" } = (after ?? before)?.metadata ?? {};
      this.#unknown.delete(uid);
      if (after === undefined || isTerminal(after.status?.phase)) this.#kept.delete(uid);
    });
    stores.pods.subscribe((change) => {
      this.#notePod(change);
    });
    stores.taskRuns.subscribe(({ after }) => {
      if (after !== undefined) for (const pod of podsOf(after)) this.#claim(pod);
    });
    stores.podEvents.subscribe((event) => {
      this.#noteEvent(event);
    });
  }

  of(executionUid: string): LiveEvidence {
    const kept = this.#kept.get(executionUid);
    if (kept === undefined) return NO_LIVE_EVIDENCE;
    const events = [...kept.events.values()].map(({ namespace: _namespace, name: _name, ...event }) => event);
    return { lostPods: [...kept.lostPods.values()], events, logs: [...kept.logs.values()] };
  }

  noteLogs(executionUid: string, logs: readonly StepLog[]): void {
    for (const log of logs) {
      const text = clipStart(log.text, EVIDENCE_LIMITS.logBytes);
      const known = this.#keptOf(executionUid)?.logs;
      if (known !== undefined)
        keepNewest(known, `${log.podUid}/${log.container}`, { ...log, text }, EVIDENCE_LIMITS.logs);
    }
  }

  counts(): EvidenceCounts {
    const all = [...this.#kept.values()];
    const unclaimed = [...this.#unclaimed.values()];
    return {
      executions: all.length,
      lostPods: sumOf(all.map(({ lostPods }) => lostPods.size)),
      events: sumOf(all.map(({ events }) => events.size)),
      logs: sumOf(all.map(({ logs }) => logs.size)),
      unclaimed: sumOf(unclaimed.map((events) => events.size)),
    };
  }

  /** A pod that left the store is lost, and so is one whose name belongs to another one from one version to the next. */
  #notePod({ key, before, after }: StoreChange<Pod>): void {
    if (before !== undefined && before.metadata.uid !== after?.metadata.uid) this.#noteLost(before);
    if (after !== undefined) this.#claim(key);
  }

  #noteLost(pod: Pod): void {
    const lost = this.#keptOf(pod.metadata.labels?.[LABEL_EXECUTION_UID])?.lostPods;
    if (lost !== undefined) keepNewest(lost, pod.metadata.uid ?? "", pod, EVIDENCE_LIMITS.lostPods);
  }

  #noteEvent(event: NamedPodEvent): void {
    const pod = keyOf({ metadata: { namespace: event.namespace, name: event.podName } });
    const executionUid = executionOfPod(this.#stores, pod);
    if (executionUid !== undefined) this.#noteEventOf(executionUid, event);
    else this.#keepUnclaimed(pod, event);
  }

  #noteEventOf(executionUid: string, event: NamedPodEvent): void {
    const events = this.#keptOf(executionUid)?.events;
    if (events === undefined) return;
    // A pod that complains all the time must not push out what was said about the others.
    const others = [...events.values()].filter(({ podUid, name }) => podUid === event.podUid && name !== event.name);
    for (const { name } of others.slice(0, 1 - EVIDENCE_LIMITS.eventsOfOnePod)) events.delete(name);
    keepNewest(events, event.name, event, EVIDENCE_LIMITS.events);
  }

  #keepUnclaimed(pod: string, event: NamedPodEvent): void {
    const events = this.#unclaimed.get(pod) ?? new Map<string, NamedPodEvent>();
    keepNewest(events, event.name, event, EVIDENCE_LIMITS.eventsOfOnePod);
    keepNewest(this.#unclaimed, pod, events, EVIDENCE_LIMITS.unknownPods);
  }

  /** Somebody has said whose that pod is: what was said about it before is about that execution. */
  #claim(pod: string): void {
    const events = this.#unclaimed.get(pod);
    const executionUid = events === undefined ? undefined : executionOfPod(this.#stores, pod);
    if (events === undefined || executionUid === undefined) return;
    this.#unclaimed.delete(pod);
    for (const event of events.values()) this.#noteEventOf(executionUid, event);
  }

  /** Where to keep something of that execution; undefined where it has ended. */
  #keptOf(executionUid: string | undefined): Kept | undefined {
    if (executionUid === undefined) return undefined;
    const known = this.#kept.get(executionUid);
    if (known !== undefined) return known;
    const [execution] = this.#stores.executions.byIndex("uid", executionUid);
    if (isTerminal(execution?.status?.phase)) return undefined;
    if (execution === undefined) this.#noteUnknown(executionUid);
    const kept: Kept = { lostPods: new Map(), events: new Map(), logs: new Map() };
    this.#kept.set(executionUid, kept);
    return kept;
  }

  #noteUnknown(executionUid: string): void {
    for (const gone of keepNewest(this.#unknown, executionUid, true, EVIDENCE_LIMITS.unknownExecutions)) {
      this.#kept.delete(gone);
    }
  }
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
