/** Puts the parts of the controller together. Tests compose the same parts around their own `perform`. */
import { hostname } from "node:os";
import type { KubernetesObject } from "../../pkg/api/meta.ts";
import { eventId } from "../../pkg/audit/event-id.ts";
import type { Config } from "../../pkg/config/config.ts";
import { relayEvents } from "../../pkg/controller/event-relay.ts";
import { createKnownKinds } from "../../pkg/controller/known-kinds.ts";
import { perform as performStep, type Perform, type Request } from "../../pkg/controller/perform.ts";
import { createReconciler } from "../../pkg/controller/reconcile.ts";
import { watchStores } from "../../pkg/controller/triggers.ts";
import type { Result } from "../../pkg/execution/result.ts";
import { createClusterApi } from "../../pkg/kube/cluster-api.ts";
import { recordEvent } from "../../pkg/kube/events.ts";
import { realTimers } from "../../pkg/runtime/timers.ts";
import { runWorkers } from "../../pkg/runtime/worker-pool.ts";
import type { Logger } from "../../pkg/telemetry/logger.ts";
import { gaugeSources } from "./gauge-sources.ts";
import { createParts, QUEUE, type Parts } from "./parts.ts";
import { startReflectors, type Reflectors } from "./reflectors.ts";
import { startServers } from "./servers.ts";
import { countStep } from "./step-metrics.ts";

export interface ControllerOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** What stands between a step and its request; the product has nothing there, the crash tests have. */
  readonly around?: (perform: Perform) => Perform;
}

export interface RunningController {
  readonly healthPort: number;
  readonly metricsPort: number;
  /** Ends when the controller has stopped; rejects where it broke. */
  readonly ended: Promise<void>;
  /** Takes no new work, ends the running one, flushes what is flushable: within 10 seconds. */
  stop(): void;
}

const WORKER_GRACE_MS = 4_000;
const FLUSH_LIMIT_MS = 3_000;
const CHECKPOINT_LIMIT_MS = 1_500;

/** Starts the controller: the watches, the servers, and work as soon as every store is complete. */
export async function startController(options: ControllerOptions): Promise<RunningController> {
  const parts = createParts(options.config, options.logger);
  const stopping = new AbortController();
  // Before the first list: what nobody hears of then, nobody hears of until it changes.
  const endListening = listen(parts);
  const reflectors = startReflectors(parts, stopping.signal);
  const servers = await startServers(parts, reflectors);
  parts.metrics.observe(gaugeSources(parts));
  const ended = run(options, parts, { reflectors, endListening }, stopping.signal).finally(() => servers.close());
  return {
    healthPort: servers.healthPort,
    metricsPort: servers.metricsPort,
    ended,
    stop: () => {
      stopping.abort();
    },
  };
}

/** Hands on what the stores tell: to the queue, to the audit trail, to Kubernetes events. Gives what ends that. */
function listen(parts: Parts): () => Promise<void> {
  const { stores, queue } = parts;
  const endTriggers = watchStores(stores, (key) => {
    queue.add(key);
  });
  const endOffers = offerToAudit(parts);
  const endEvents = startEvents(parts);
  return async () => {
    endTriggers();
    endOffers();
    await endEvents();
  };
}

interface Feeds {
  readonly reflectors: Reflectors;
  readonly endListening: () => Promise<void>;
}

async function run(
  options: ControllerOptions,
  parts: Parts,
  { reflectors, endListening }: Feeds,
  stopped: AbortSignal,
): Promise<void> {
  const { flusher, checkpoints, logger, stores } = parts;
  checkpoints.start();
  try {
    const isSynced = await reflectors.synced;
    parts.beginAudit();
    if (isSynced) {
      logger.info({ executions: stores.executions.list().length }, "all caches are synced, work begins");
      await runWorkers(workerOptions(options, parts), stopped);
    }
  } finally {
    await endListening();
    checkpoints.noteStop();
    const left = await flusher.stop(FLUSH_LIMIT_MS);
    if (left.events > 0) logger.warn({ left }, "audit events stay in the outboxes until the next start");
    await checkpoints.stop(CHECKPOINT_LIMIT_MS);
    await reflectors.ended;
    await parts.closeDatabase();
    await parts.connection.close();
  }
}

function workerOptions({ around }: ControllerOptions, parts: Parts): Parameters<typeof runWorkers>[0] {
  const { config, policy, logger, metrics, connection, stores, evidence, queue, flusher, auditGate } = parts;
  const api = createClusterApi(connection);
  const reconcile = createReconciler({
    policy,
    perform: around?.(send) ?? send,
    stores,
    kinds: createKnownKinds(),
    receipts: { receipt: (uid) => flusher.receipt(uid), backlog: () => auditGate.backlog() },
    evidence,
    clock: connection.clock,
    onStep: (taken) => {
      countStep(taken, metrics.execution);
      logger.debug({ step: taken.step.type, result: taken.result.type, seconds: taken.seconds }, "step");
    },
  });
  return {
    queue,
    reconcile,
    workers: config.workers,
    timers: realTimers,
    graceMs: WORKER_GRACE_MS,
    hooks: {
      ...metrics.runtime.workerHooks(QUEUE),
      onError: (key, err) => {
        logger.warn({ key, err }, "it is tried again later");
      },
    },
  };

  function send(step: Request): Promise<Result> {
    return performStep(step, api);
  }
}

/** What another replica has recorded, or what is gone, makes the backlog smaller too: the gate is told of every change. */
function offerToAudit({ stores: { executions, locks }, flusher, auditGate }: Parts): () => void {
  const ends = [
    executions.subscribe(({ before, after }) => {
      if (after !== undefined) flusher.offer(after);
      else forget(before);
      auditGate.update();
    }),
    locks.subscribe(({ before, after }) => {
      if (after !== undefined) flusher.offerLock(after);
      else forget(before);
      auditGate.update();
    }),
  ];
  return () => {
    for (const end of ends) end();
  };

  function forget(gone: KubernetesObject | undefined): void {
    if (gone?.metadata.uid !== undefined) flusher.forget(gone.metadata.uid);
  }
}

function startEvents({ stores, connection, logger }: Parts): () => Promise<void> {
  return relayEvents({
    executions: stores.executions,
    eventId,
    clock: connection.clock,
    record: (event) => recordEvent(connection, { ...event, reportingInstance: hostname() }),
    onError: (err) => {
      logger.warn({ err }, "a Kubernetes event was not recorded");
    },
  });
}
