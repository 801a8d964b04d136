import { toTimestamp } from "../../../pkg/api/time.ts";
import { createAuditGate, type AuditGate } from "../../../pkg/controller/audit-gate.ts";
import { executionKey, lockKey } from "../../../pkg/controller/keys.ts";
import { createKnownKinds } from "../../../pkg/controller/known-kinds.ts";
import { rememberLiveEvidence } from "../../../pkg/controller/live-evidence.ts";
import { perform, type Perform, type Request } from "../../../pkg/controller/perform.ts";
import { createReconciler, type Reconciler, type TakenStep } from "../../../pkg/controller/reconcile.ts";
import { createStores } from "../../../pkg/controller/stores.ts";
import { watchStores } from "../../../pkg/controller/triggers.ts";
import type { OutstandingEvents } from "../../../pkg/audit/outstanding.ts";
import type { KubernetesObject } from "../../../pkg/api/meta.ts";
import type { Policy } from "../../../pkg/execution/policy.ts";
import type { Result } from "../../../pkg/execution/result.ts";
import type { AuditReceipt } from "../../../pkg/execution/snapshot.ts";
import type { Store } from "../../../pkg/runtime/store.ts";
import { Crash } from "./crash.ts";
import type { FakeCluster } from "./fake-cluster.ts";
import type { FakeResource } from "./fake-resource.ts";
import type { FakeTrail, Outbox } from "./fake-trail.ts";

export interface ControllerOptions {
  readonly cluster: FakeCluster;
  readonly trail: FakeTrail;
  readonly policy: Policy;
  /** What stands between a step and its request, as in cmd/controller. */
  readonly around?: (perform: Perform) => Perform;
}

const RETRY_MS = 1000;
const MOST_KEYS = 1000;

/**
 * One process of the product: its own stores, reconciler, triggers and perform, on the fake API. The queue is a set of
 * keys; nothing happens by itself.
 */
export class ControllerUnderTest {
  readonly stores = createStores();
  readonly evidence = rememberLiveEvidence(this.stores);
  readonly steps: TakenStep[] = [];
  /** What was thrown and is tried again. */
  readonly errors: unknown[] = [];
  readonly #options: ControllerOptions;
  readonly #keys = new Set<string>();
  readonly #wakeUps = new Map<string, number>();
  readonly #receipts = new Map<string, AuditReceipt>();
  readonly #gate: AuditGate;
  readonly #feeds: (() => void)[];
  readonly #reconcile: Reconciler;

  constructor(options: ControllerOptions) {
    this.#options = options;
    const { cluster } = options;
    const { policy } = options;
    const { clock } = cluster.server;
    const gate = createAuditGate({
      executions: this.stores.executions,
      outstanding: () => this.#outstanding(),
      ...{ policy, clock },
      wake: (key) => this.#keys.add(key),
    });
    this.#gate = gate;
    this.#reconcile = createReconciler({
      policy,
      perform: options.around?.(send) ?? send,
      stores: this.stores,
      kinds: createKnownKinds(),
      receipts: { receipt: (uid) => this.#receipts.get(uid), backlog: () => gate.backlog() },
      evidence: this.evidence,
      clock,
      onStep: (taken) => this.steps.push(taken),
    });
    function send(step: Request): Promise<Result> {
      return perform(step, cluster);
    }
    watchStores(this.stores, (key) => this.#keys.add(key));
    this.stores.executions.subscribe(() => {
      gate.update();
    });
    this.#feeds = [
      this.#feed(this.stores.executions, cluster.executions),
      this.#feed(this.stores.locks, cluster.locks),
      this.#feed(this.stores.runs, cluster.runs),
      this.#feed(this.stores.taskRuns, cluster.taskRuns),
      this.#feed(this.stores.customRuns, cluster.customRuns),
      this.#feed(this.stores.pods, cluster.pods),
    ];
  }

  /** Works until no key is left. Says whether there was any. Throws Crash where the process ends on the way. */
  async settle(): Promise<boolean> {
    for (let worked = 0; worked < MOST_KEYS; worked += 1) {
      this.deliver();
      const [key] = this.#keys;
      if (key === undefined) return worked > 0;
      await this.reconcile(key);
    }
    throw new Error(`no rest after ${String(MOST_KEYS)} keys, left: ${[...this.#keys].join(", ")}`);
  }

  /** Works on one key, whether it waits or not. */
  async reconcile(key: string): Promise<void> {
    this.#keys.delete(key);
    this.#wakeUps.delete(key);
    const now = this.#options.cluster.server.clock.now();
    try {
      const { requeueAfterMs } = await this.#reconcile(key, new AbortController().signal);
      if (requeueAfterMs !== undefined) this.#wakeUps.set(key, now + requeueAfterMs);
    } catch (error) {
      if (error instanceof Crash) throw error;
      this.errors.push(error);
      this.#wakeUps.set(key, now + RETRY_MS);
    }
  }

  /** Lets the watches tell what they haven't told yet. */
  deliver(): void {
    for (const feed of this.#feeds) feed();
  }

  /** Commits the outboxes that the cache shows. Says whether there was anything new. */
  flush(): boolean {
    const at = toTimestamp(this.#options.cluster.server.clock.now());
    const receipts = [
      ...this.stores.executions.list().map(({ metadata: { uid = "", ...ref }, status }) => {
        return this.#commit({ uid, pending: status?.audit?.pending ?? [] }, executionKey(ref), at);
      }),
      ...this.stores.locks.list().map(({ metadata: { uid = "", name }, spec }) => {
        return this.#commit({ uid, pending: spec.audit?.pending ?? [] }, lockKey(name), at);
      }),
    ];
    this.#gate.update();
    return receipts.includes(true);
  }

  /** When the next key has to be looked at again (ms). */
  nextWakeUp(): number | undefined {
    return this.#wakeUps.size === 0 ? undefined : Math.min(...this.#wakeUps.values());
  }

  /** Keys whose time has come wait to be worked on. */
  wake(now: number): void {
    for (const [key, at] of this.#wakeUps) if (at <= now) this.#keys.add(key);
  }

  /** The events of executions that this process knows of, and doesn't know to be committed. */
  #outstanding(): OutstandingEvents {
    const events = this.stores.executions.list().flatMap(({ metadata: { uid = "" }, status }) => {
      const committed = this.#receipts.get(uid)?.ordinal ?? 0;
      return (status?.audit?.pending ?? []).filter(({ ordinal }) => ordinal > committed);
    });
    const [oldestAt] = events.map(({ at }) => at).toSorted();
    return { events: events.length, ...(oldestAt === undefined ? {} : { oldestAt }) };
  }

  #commit(outbox: Outbox, key: string, at: string): boolean {
    const { uid } = outbox;
    const receipt = this.#options.trail.commit(outbox, at);
    if (receipt === undefined || receipt.ordinal === this.#receipts.get(uid)?.ordinal) return false;
    this.#receipts.set(uid, receipt);
    this.#keys.add(key);
    return true;
  }

  /** Lists, then watches: gives what brings the store up to date. */
  #feed<T extends KubernetesObject>(store: Store<T, T>, resource: FakeResource<T>): () => void {
    let seen = resource.changes.length;
    store.replaceAll(resource.all().map(store.project), this.#options.cluster.server.version());
    return () => {
      const news = resource.changes.slice(seen);
      seen = resource.changes.length;
      for (const change of news) store.apply(structuredClone(change));
    };
  }
}
