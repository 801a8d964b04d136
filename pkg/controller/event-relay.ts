/**
 * Makes Kubernetes events of the outbox entries that appear in the executions' statuses, and of an execution that is held
 * back by the audit trail itself, of which there is no entry. Best effort: the record is the audit trail. An event is named
 * after its entry, so whoever sends it again after a crash doubles nothing.
 */
import { API_VERSION } from "../api/labels.ts";
import { fromTimestamp } from "../api/time.ts";
import type { AuditEntry, WorkflowExecution } from "../api/workflow-execution.ts";
import { heldBackEvent } from "../execution/held-back-event.ts";
import { kubernetesEvent, type KubernetesEvent } from "../execution/kubernetes-event.ts";
import type { Clock } from "../runtime/clock.ts";
import type { StoreReader } from "../runtime/store.ts";

/** One event to be made, with the name that makes it unique. */
export interface EventToRecord extends KubernetesEvent {
  readonly regarding: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
  };
  readonly eventId: string;
  /** Server time of the outbox entry, or of now where there is none (ms). */
  readonly at: number;
}

export interface EventRelayOptions {
  readonly executions: Pick<StoreReader<WorkflowExecution>, "subscribe">;
  readonly eventId: (executionUid: string, ordinal: number, type: string) => string;
  readonly clock: Clock;
  readonly record: (event: EventToRecord) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** More events than that wait only when the API server is in trouble: then the oldest are given up. */
const MOST_WAITING = 1000;

/** Starts relaying. Returns what stops it, once the event under way was sent. */
export function relayEvents(options: EventRelayOptions): () => Promise<void> {
  const waiting: EventToRecord[] = [];
  const seen = new Map<string, number>();
  let givenUp = 0;
  let sending: Promise<void> | undefined;
  const end = options.executions.subscribe(({ before, after }) => {
    if (after === undefined) seen.delete(before?.metadata.uid ?? "");
    else enqueue([...heldBack(before, after, options), ...newEvents(after, seen, options)]);
  });
  return async () => {
    end();
    waiting.length = 0;
    await sending;
  };

  function enqueue(events: readonly EventToRecord[]): void {
    if (events.length === 0) return;
    waiting.push(...events);
    givenUp += waiting.splice(0, Math.max(0, waiting.length - MOST_WAITING)).length;
    sending ??= send();
  }

  async function send(): Promise<void> {
    for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
      await options.record(event).catch(options.onError);
    }
    if (givenUp > 0) options.onError(new Error(`${String(givenUp)} events were given up, because too many waited`));
    givenUp = 0;
    // In the same breath as the last look at the queue: whatever is added later finds nobody sending, and begins anew.
    sending = undefined;
  }
}

/** Entries are numbered from 1 on. */
const NO_ENTRY = 0;

/** Once in the life of an execution, however often it is held back: its name is always the same. */
function heldBack(
  before: WorkflowExecution | undefined,
  after: WorkflowExecution,
  { eventId, clock }: EventRelayOptions,
): readonly EventToRecord[] {
  const event = heldBackEvent(before, after);
  if (event === undefined) return [];
  const id = eventId(after.metadata.uid ?? "", NO_ENTRY, event.reason);
  return [{ ...event, regarding: regarding(after), eventId: id, at: clock.now() }];
}

function newEvents(
  execution: WorkflowExecution,
  seen: Map<string, number>,
  { eventId }: EventRelayOptions,
): readonly EventToRecord[] {
  const { uid = "" } = execution.metadata;
  const last = seen.get(uid) ?? 0;
  const entries = (execution.status?.audit?.pending ?? []).filter(({ ordinal }) => ordinal > last);
  const newest = entries.at(-1);
  if (newest === undefined) return [];
  seen.set(uid, newest.ordinal);
  return entries.flatMap((entry) => toEvent(execution, entry, eventId));
}

function toEvent(
  execution: WorkflowExecution,
  entry: AuditEntry,
  eventId: EventRelayOptions["eventId"],
): readonly EventToRecord[] {
  const event = kubernetesEvent(execution, entry);
  if (event === undefined) return [];
  const id = eventId(execution.metadata.uid ?? "", entry.ordinal, entry.type);
  return [{ ...event, regarding: regarding(execution), eventId: id, at: fromTimestamp(entry.at) }];
}

function regarding({ metadata }: WorkflowExecution): EventToRecord["regarding"] {
  const { namespace = "", name, uid = "" } = metadata;
  return { apiVersion: API_VERSION, kind: "WorkflowExecution", namespace, name, uid };
}
