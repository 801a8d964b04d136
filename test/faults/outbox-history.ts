import { isDeepStrictEqual } from "node:util";
import { FINALIZER } from "../../pkg/api/labels.ts";
import type { ObjectMeta } from "../../pkg/api/meta.ts";
import type { AuditEntry, AuditState } from "../../pkg/api/workflow-execution.ts";
import type { Anchor } from "../../pkg/audit/verify/trail-check.ts";
import { eventName } from "../../pkg/execution/outbox.ts";
import { changesIn, type Change } from "./change.ts";
import type { HistoryEntry } from "./history-entry.ts";

/** An event that was in an outbox at least once. */
export interface OutboxEvent extends AuditEntry {
  /** Of the execution or the lock. */
  readonly uid: string;
  readonly name: string;
}

/** All outboxes that there ever were, and what became of them as etcd saw it. */
export interface OutboxHistory {
  /** Each once, in the order in which they appeared. */
  readonly events: readonly OutboxEvent[];
  /** What executions and locks ever said of their place in the trail. */
  readonly receipts: readonly Anchor[];
  /** How many executions there were, and how many of these are gone. */
  readonly executions: number;
  readonly gone: number;
  /** What no outbox may do, in words. */
  readonly problems: readonly string[];
}

interface Notes {
  readonly events: Map<string, OutboxEvent>;
  readonly receipts: Map<string, Anchor>;
  readonly executions: Set<string>;
  readonly problems: string[];
  gone: number;
}

/** One write to an object that has an outbox. */
interface OutboxChange {
  readonly kind: "execution" | "lock";
  readonly uid: string;
  readonly metadata: ObjectMeta;
  readonly before: AuditState;
  readonly after: AuditState;
  readonly isGone: boolean;
}

/** The outboxes of a whole history. Throws HistoryError where it can't be read as one. */
export function outboxesIn(history: Iterable<HistoryEntry>): OutboxHistory {
  const notes: Notes = { events: new Map(), receipts: new Map(), executions: new Set(), problems: [], gone: 0 };
  for (const change of outboxChangesIn(history)) {
    if (change.kind === "execution") notes.executions.add(change.uid);
    noteEntries(notes, change);
    noteReceipt(notes, change.after);
    if (change.isGone) noteEnd(notes, change);
    else noteLost(notes, change);
  }
  const { executions, gone } = notes;
  const [events, receipts] = [[...notes.events.values()], [...notes.receipts.values()]];
  return { events, receipts, executions: executions.size, gone, problems: [...notes.problems, ...gapsIn(events)] };
}

function* outboxChangesIn(history: Iterable<HistoryEntry>): Generator<OutboxChange> {
  for (const change of changesIn(history)) {
    const { uid } = change;
    const common = { uid, metadata: change.object.metadata, isGone: change.after === undefined };
    if (change.kind === "execution") yield { ...common, kind: "execution", ...executionStates(change) };
    if (change.kind === "lock") yield { ...common, kind: "lock", ...lockStates(change) };
  }
}

function executionStates({ before, after }: Change<"execution">): Pick<OutboxChange, "before" | "after"> {
  return { before: before?.status?.audit ?? {}, after: after?.status?.audit ?? {} };
}

function lockStates({ before, after }: Change<"lock">): Pick<OutboxChange, "before" | "after"> {
  return { before: before?.spec.audit ?? {}, after: after?.spec.audit ?? {} };
}

function noteEntries({ events, problems }: Notes, { uid, metadata: { name }, after }: OutboxChange): void {
  for (const entry of after.pending ?? []) {
    const event = { uid, name, ...entry };
    const known = events.get(keyOf(event));
    if (known === undefined) events.set(keyOf(event), event);
    else if (!isDeepStrictEqual(known, event)) problems.push(`${titleOf(event)} was changed in its outbox`);
  }
}

function noteReceipt({ receipts }: Notes, { seq, hash }: AuditState): void {
  if (seq !== undefined && hash !== undefined) receipts.set(`${String(seq)}:${hash}`, { seq, hash });
}

/** An event leaves its outbox with the receipt that speaks of it, and not before. */
function noteLost({ problems }: Notes, { uid, metadata: { name }, before, after }: OutboxChange): void {
  const kept = new Set((after.pending ?? []).map(({ ordinal }) => ordinal));
  for (const entry of before.pending ?? []) {
    const isLost = !kept.has(entry.ordinal) && entry.ordinal > (after.acked?.ordinal ?? 0);
    if (isLost) problems.push(`${titleOf({ uid, name, ...entry })} left its outbox unrecorded`);
  }
}

/** An execution goes when all its events are recorded, that of its deletion among them; a lock likewise. */
function noteEnd(notes: Notes, { kind, uid, metadata, before }: OutboxChange): void {
  const waiting = before.pending ?? [];
  if (waiting.length > 0) notes.problems.push(`${kind} ${metadata.name} went with unrecorded events`);
  if (kind === "lock") return;
  notes.gone += 1;
  const own = [...notes.events.values()].filter((event) => event.uid === uid);
  const isTold = own.some(({ type }) => eventName(type) === "deleted");
  // What nobody had looked at yet has nothing to tell.
  const isHeld = metadata.finalizers?.includes(FINALIZER) === true;
  if (isHeld && !isTold) notes.problems.push(`execution ${metadata.name} went without telling of its deletion`);
}

/** Events are numbered from 1 without a gap: what was never seen in an outbox shows here. */
function gapsIn(events: readonly OutboxEvent[]): readonly string[] {
  const byOwner = Map.groupBy(events, ({ uid }) => uid);
  return [...byOwner.values()].flatMap((own) => {
    const ordinals = own.map(({ ordinal }) => ordinal).sort((a, b) => a - b);
    const isWhole = ordinals.every((ordinal, index) => ordinal === index + 1);
    return isWhole ? [] : [`the events of ${own[0]?.name ?? ""} are numbered ${ordinals.join(", ")}`];
  });
}

/** The key of an event: its owner and its number. */
export function keyOf({ uid, ordinal }: Pick<OutboxEvent, "uid" | "ordinal">): string {
  return `${uid}/${String(ordinal)}`;
}

/** An event for people. */
export function titleOf({ name, uid, ordinal, type }: Pick<OutboxEvent, "name" | "uid" | "ordinal" | "type">): string {
  return `event ${String(ordinal)} (${eventName(type)}) of ${name} (${uid})`;
}
