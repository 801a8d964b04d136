/**
 * Reads what etcd remembers: every state of every object in the order in which etcd accepted them. Needs a cluster that
 * keeps its history (`keepsHistory`), as JSON. It asks etcd's own HTTP gateway, so nothing stands between that could
 * leave something out or put it into another order.
 */
import type { KubernetesObject, ObjectMeta } from "../../pkg/api/meta.ts";
import { splitLines } from "../../pkg/kube/split-lines.ts";
import { HistoryError, kindOfKey, type HistoryEntry } from "./history-entry.ts";

/** The gateway's messages, as far as they are read: 64-bit numbers are strings, bytes are base64. */
interface WatchMessage {
  readonly error?: unknown;
  readonly result?: {
    readonly canceled?: boolean;
    readonly compact_revision?: string;
    readonly events?: readonly WatchEvent[];
  };
}

interface WatchEvent {
  readonly type?: "DELETE";
  readonly kv: { readonly key: string; readonly mod_revision: string; readonly value?: string };
}

/** As a key it stands for all keys that there are. */
const EVERYTHING = Buffer.from("\0").toString("base64");
const LONGEST_MESSAGE = 512 * 2 ** 20;

/** The judged objects' history up to now. Throws HistoryError where etcd has forgotten something. */
export async function readHistory(etcd: string): Promise<readonly HistoryEntry[]> {
  const newest = await newestRevision(etcd);
  const stopping = new AbortController();
  const request = { key: EVERYTHING, range_end: EVERYTHING, start_revision: "1", fragment: true };
  const answer = await post(`${etcd}/v3/watch`, { create_request: request }, stopping.signal);
  const body: AsyncIterable<Uint8Array> = answer.body ?? new ReadableStream<Uint8Array>();
  const entries: HistoryEntry[] = [];
  try {
    for await (const line of splitLines(body, LONGEST_MESSAGE)) {
      const events = eventsOf(JSON.parse(line) as WatchMessage);
      for (const event of events) entries.push(...entryOf(event));
      if (Number(events.at(-1)?.kv.mod_revision ?? 0) >= newest) return entries;
    }
  } finally {
    stopping.abort();
  }
  throw new HistoryError(`etcd ended its answer before revision ${String(newest)}`);
}

async function newestRevision(etcd: string): Promise<number> {
  const answer = await post(`${etcd}/v3/kv/range`, { key: EVERYTHING, count_only: true });
  const { header } = (await answer.json()) as { readonly header: { readonly revision: string } };
  return Number(header.revision);
}

async function post(url: string, body: unknown, signal: AbortSignal | null = null): Promise<Response> {
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body), signal });
  if (answer.ok) return answer;
  throw new Error(`POST ${url} answered ${String(answer.status)}: ${await answer.text()}`);
}

function eventsOf({ error, result }: WatchMessage): readonly WatchEvent[] {
  const isCompacted = (result?.compact_revision ?? "0") !== "0";
  if (error === undefined && result?.canceled !== true && !isCompacted) return result?.events ?? [];
  throw new HistoryError(`etcd doesn't give its whole history: ${JSON.stringify({ error, result })}`);
}

/** Nothing where the object is of a kind that isn't judged. */
function entryOf({ type, kv }: WatchEvent): readonly HistoryEntry[] {
  const key = Buffer.from(kv.key, "base64").toString("utf8");
  if (kindOfKey(key) === undefined) return [];
  const revision = Number(kv.mod_revision);
  if (type === "DELETE") return [{ revision, key, deleted: true }];
  return [{ revision, key, deleted: false, object: parseObject(key, kv.value ?? "") }];
}

function parseObject(key: string, value: string): KubernetesObject {
  const text = Buffer.from(value, "base64").toString("utf8");
  if (!text.startsWith("{")) throw new HistoryError(`${key} isn't JSON: was the cluster started with keepsHistory?`);
  return withoutFieldSets(JSON.parse(text) as KubernetesObject);
}

interface ManagedFields {
  readonly fieldsV1?: unknown;
}

/** Who wrote when is kept; which fields they were is half of an object and not needed. */
function withoutFieldSets(object: KubernetesObject): KubernetesObject {
  const metadata = object.metadata as ObjectMeta & { readonly managedFields?: readonly ManagedFields[] };
  if (metadata.managedFields === undefined) return object;
  const managedFields = metadata.managedFields.map(({ fieldsV1: _fields, ...kept }) => kept);
  return { ...object, metadata: { ...metadata, managedFields } as ObjectMeta };
}
