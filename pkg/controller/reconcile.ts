/**
 * The shell of the controller: observe -> nextStep -> perform -> absorb, until there is nothing to do. Everything that
 * is decided is decided in pkg/execution (design.md section 2).
 */
import { withoutValues } from "../api/hidden-values.ts";
import { absorb, type Absorbed } from "../execution/absorb.ts";
import { hiddenOf } from "../execution/case-of.ts";
import { nextStep } from "../execution/next-step.ts";
import type { Policy } from "../execution/policy.ts";
import type { Looked, Result } from "../execution/result.ts";
import type { Snapshot } from "../execution/snapshot.ts";
import { ApiError } from "../runtime/api-error.ts";
import { parseKey } from "./keys.ts";
import type { KnownKinds } from "./known-kinds.ts";
import type { LiveMemory } from "./live-evidence.ts";
import { observe, type Sources } from "./observe.ts";
import type { Request } from "./perform.ts";
import type { Stores } from "./stores.ts";

/** More steps in a row than any execution needs: something is wrong, and backoff is better than a hot loop. */
const MOST_STEPS = 60;

/** A step that was performed: from which snapshot it followed, and what came of it. */
export interface TakenStep {
  readonly snapshot: Snapshot;
  readonly step: Request;
  readonly result: Result;
  /** How long the request took. */
  readonly seconds: number;
}

export interface ReconcilerOptions extends Omit<Sources, "statusWrites"> {
  readonly evidence: LiveMemory;
  readonly policy: Policy;
  readonly perform: (step: Request) => Promise<Result>;
  /** Hears of every step; must not throw. */
  readonly onStep?: (taken: TakenStep) => void;
}

/** Works on one key of the queue until it has to wait. Throws ApiError where it has to be tried again with backoff. */
export type Reconciler = (key: string, signal: AbortSignal) => Promise<{ readonly requeueAfterMs?: number }>;

/** The reconciler of both kinds of keys. */
export function createReconciler(options: ReconcilerOptions): Reconciler {
  const statusWrites = rememberStatusWrites(options.stores);
  const sources: Sources = { ...options, statusWrites };
  return async function reconcile(text, signal) {
    const key = parseKey(text);
    let snapshot = observe(key, sources);
    for (let steps = 0; steps < MOST_STEPS && !signal.aborted; steps += 1) {
      const step = nextStep(snapshot, options.policy);
      if (step.type === "Done") return {};
      if (step.type === "Wait") return { requeueAfterMs: Math.max(1, step.until - sources.clock.now()) };
      if (step.type === "Backoff") throw tryAgain(step.message);
      const began = sources.clock.now();
      const result = await options.perform(step);
      const seconds = (sources.clock.now() - began) / 1000;
      learn(result, { stores: options.stores, kinds: options.kinds, statusWrites, now: snapshot.now });
      options.onStep?.({ snapshot, step, result, seconds });
      const absorbed = absorb({ ...snapshot, now: sources.clock.now() }, step, result);
      if (absorbed.type !== "continue") return endOf(absorbed, snapshot, options.policy);
      if (step.type === "ReadLog") keepLogs(absorbed.snapshot, options.evidence);
      // Only with the kinds it is known which lock it is about, and who else waits for that one.
      snapshot = isCatalog(result) ? { ...observe(key, sources), kinds: absorbed.snapshot.kinds } : absorbed.snapshot;
    }
    throw tryAgain(`${text}: no end after ${String(MOST_STEPS)} steps`);
  };
}

/** The message is logged: the API server's answer may repeat what it was sent. */
function endOf(
  absorbed: Exclude<Absorbed, { type: "continue" }>,
  { execution }: Snapshot,
  policy: Policy,
): { readonly requeueAfterMs?: number } {
  if (absorbed.type === "settled") return {};
  throw tryAgain(withoutValues(absorbed.message, hiddenOf(execution.value, policy)), absorbed.retryAfterMs);
}

function tryAgain(message: string, retryAfterMs?: number): ApiError {
  return new ApiError(message, { kind: "unknown", code: 0, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}

interface Memory {
  readonly stores: Stores;
  readonly kinds: KnownKinds;
  readonly statusWrites: Map<string, number>;
  readonly now: number;
}

type CatalogResult = Extract<Result, { type: "looked" }> & { readonly looked: Extract<Looked, { object: "kinds" }> };

/** What a write returned enters the store at once: no cached copy older than our own write is ever acted on. */
function learn(result: Result, { stores, kinds, statusWrites, now }: Memory): void {
  if (result.type === "wroteExecution") {
    const { uid = "" } = result.execution.metadata;
    stores.executions.applyWrite(result.execution);
    // Not of one that the watch has already seen go: nobody would ever forget it.
    if (stores.executions.byIndex("uid", uid).length > 0) statusWrites.set(uid, now);
  }
  if (result.type === "wroteLock") stores.locks.applyWrite(result.lock);
  if (result.type === "wroteRun") stores.runs.applyWrite(result.run);
  if (isCatalog(result)) kinds.learn(result.looked.value, now);
}

/** Also of one that could not be read: it isn't tried again. */
function keepLogs(s: Snapshot, evidence: LiveMemory): void {
  const uid = s.execution.value?.metadata.uid;
  if (s.kind === "execution" && uid !== undefined) evidence.noteLogs(uid, s.live.logs);
}

function isCatalog(result: Result): result is CatalogResult {
  return result.type === "looked" && result.looked.object === "kinds";
}

/** Times of our own status writes, kept as long as the execution exists. */
function rememberStatusWrites(stores: Stores): Map<string, number> {
  const writes = new Map<string, number>();
  stores.executions.subscribe(({ before, after }) => {
    if (after === undefined && before !== undefined) writes.delete(before.metadata.uid ?? "");
  });
  return writes;
}
