import { append } from "../../pkg/audit/append.ts";
import type { CheckpointKeeper } from "../../pkg/audit/checkpoint/checkpoint-keeper.ts";
import { createFlusher, type Flusher, type FlusherHooks } from "../../pkg/audit/flusher.ts";
import { migrate } from "../../pkg/audit/migrate.ts";
import { createPool } from "../../pkg/audit/pool.ts";
import { readMigrations } from "../../pkg/audit/read-migrations.ts";
import { rowHashAt } from "../../pkg/audit/row-hash-at.ts";
import type { Config } from "../../pkg/config/config.ts";
import { createAuditGate, type AuditGate } from "../../pkg/controller/audit-gate.ts";
import { executionKey, lockKey } from "../../pkg/controller/keys.ts";
import { rememberLiveEvidence, type LiveMemory } from "../../pkg/controller/live-evidence.ts";
import { createStores, type Stores } from "../../pkg/controller/stores.ts";
import type { Policy } from "../../pkg/execution/policy.ts";
import { createConnection, type Connection } from "../../pkg/kube/connection.ts";
import { backoffDelay } from "../../pkg/runtime/backoff.ts";
import { realTimers } from "../../pkg/runtime/timers.ts";
import { createWorkQueue, type WorkQueue } from "../../pkg/runtime/work-queue.ts";
import type { Logger } from "../../pkg/telemetry/logger.ts";
import { createMetrics, type Metrics } from "../../pkg/telemetry/metrics.ts";
import { createCheckpoints } from "./checkpoints.ts";
import { policyOf } from "./policy-of.ts";
import { rowContext } from "./row-context.ts";

/** The parts that live as long as the controller. */
export interface Parts {
  readonly config: Config;
  readonly policy: Policy;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly connection: Connection;
  readonly stores: Stores;
  readonly evidence: LiveMemory;
  readonly queue: WorkQueue;
  readonly flusher: Flusher;
  /** To be called when the stores are complete, or never will be: nothing is recorded before. */
  readonly beginAudit: () => void;
  /** Whether the audit trail is far enough for executions to take their targets. */
  readonly auditGate: AuditGate;
  readonly checkpoints: CheckpointKeeper;
  readonly closeDatabase: () => Promise<void>;
}

/** The name of the one work queue in the metrics. */
export const QUEUE = "controller";

const RETRY = { baseMs: 100, maxMs: 60_000, jitter: "equal" } as const;
const DATABASE_RETRY = { baseMs: 200, maxMs: 30_000, jitter: "equal" } as const;

/** Makes the parts; nothing connects before it is used. */
export function createParts(config: Config, logger: Logger): Parts {
  const metrics = createMetrics();
  const stores = createStores();
  const connection = createConnection({
    timeoutMs: config.kubeApi.timeoutMs,
    rate: config.kubeApi,
    ...(config.kubeconfig === undefined ? {} : { kubeconfig: config.kubeconfig }),
    onRequest: (record) => {
      metrics.runtime.onRequest(record);
    },
  });
  const queue = createWorkQueue({
    timers: realTimers,
    random: Math.random,
    backoff: RETRY,
    hooks: metrics.runtime.queueHooks(QUEUE),
  });
  const common = { config, policy: policyOf(config), logger, metrics, connection, stores, queue };
  return { ...common, evidence: rememberLiveEvidence(stores), ...createAudit(common) };
}

type AuditParts = Pick<Parts, "flusher" | "auditGate" | "beginAudit" | "checkpoints" | "closeDatabase">;

type AuditNeeds = Omit<Parts, "evidence" | keyof AuditParts>;

function createAudit(parts: AuditNeeds): AuditParts {
  const { config, logger, metrics, connection, stores } = parts;
  // What the trail has lost can be sent again only by whoever knows all objects.
  const begun = Promise.withResolvers<undefined>();
  const pool = createPool({
    url: config.databaseUrl,
    onIdleError: (err) => {
      logger.warn({ err }, "a connection to PostgreSQL broke");
      flusher.doubt();
    },
    onConnect: () => {
      flusher.doubt();
    },
  });
  const context = rowContext(config);
  // With it a row leads to this process's log, and back.
  const { hmacKey, ...told } = context;
  logger.info({ ...told, keyId: hmacKey?.id }, "audit rows of this process carry this");
  const flusher = createFlusher({
    ...context,
    append: (rows) => append(pool, rows),
    hashAt: (seq) => rowHashAt(pool, seq),
    present: () => ({ executions: stores.executions.list(), locks: stores.locks.list() }),
    prepare: async () => {
      await begun.promise;
      await migrate(config.databaseUrl, await readMigrations());
    },
    now: () => connection.clock.now(),
    retryDelayMs: (failures) => backoffDelay(DATABASE_RETRY, failures - 1, Math.random),
    hooks: {
      ...flusherHooks(parts),
      onSettled: () => {
        auditGate.update();
      },
    },
  });
  const auditGate = gateOf(parts, () => flusher.outstanding());
  return {
    flusher,
    auditGate,
    beginAudit: () => {
      begun.resolve(undefined);
    },
    checkpoints: createCheckpoints(config, { logger, metrics, connection, flusher, context, database: pool }),
    closeDatabase: () => pool.end(),
  };
}

function flusherHooks({ logger, metrics, queue }: AuditNeeds): FlusherHooks {
  return {
    onReceipt: (object) => {
      queue.add(object.kind === "lock" ? lockKey(object.name) : executionKey(object));
    },
    onRecorded: ({ rows, durationMs }) => {
      metrics.audit.batchSent(durationMs / 1000);
      for (const row of rows) metrics.audit.recorded(row.event_type);
    },
    onRefused: (refusal) => {
      metrics.audit.failed();
      logger.error(
        { refusal },
        "PostgreSQL holds another audit event in this place: outbox and trail contradict each other",
      );
    },
    onFailure: ({ error, failures, retryInMs }) => {
      metrics.audit.failed();
      logger.warn({ err: error, failures, retryInMs }, "PostgreSQL can't be reached; audit events wait in the outbox");
    },
    onLoss: (lost) => {
      metrics.audit.failed();
      logger.error(
        { lost },
        "PostgreSQL has lost audit events that it had acknowledged; what executions and locks still have is sent again",
      );
    },
  };
}

function gateOf({ policy, connection, stores, queue }: AuditNeeds, outstanding: Flusher["outstanding"]): AuditGate {
  const { executions } = stores;
  const { clock } = connection;
  function wake(key: string): void {
    queue.add(key);
  }
  return createAuditGate({ executions, outstanding, policy, clock, wake });
}
