import type { Database } from "../../pkg/audit/append.ts";
import {
  createCheckpointKeeper,
  type CheckpointHooks,
  type CheckpointKeeper,
} from "../../pkg/audit/checkpoint/checkpoint-keeper.ts";
import { parseSigningKey } from "../../pkg/audit/checkpoint/checkpoint-key.ts";
import type { RowContext } from "../../pkg/audit/event-row.ts";
import type { Flusher } from "../../pkg/audit/flusher.ts";
import type { Config } from "../../pkg/config/config.ts";
import { createCheckpointStore } from "../../pkg/kube/checkpoint-store.ts";
import type { Connection } from "../../pkg/kube/connection.ts";
import { realTimers } from "../../pkg/runtime/timers.ts";
import type { Logger } from "../../pkg/telemetry/logger.ts";
import type { Metrics } from "../../pkg/telemetry/metrics.ts";

interface CheckpointNeeds {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly connection: Connection;
  readonly database: Database;
  readonly flusher: Flusher;
  /** What the rows of this process say of it. */
  readonly context: RowContext;
}

/** What says outside of the database, every so often, where the audit trail ends. Says once where it won't be signed. */
export function createCheckpoints(config: Config, needs: CheckpointNeeds): CheckpointKeeper {
  const { logger, connection, database, flusher, context } = needs;
  const { auditSigningKey } = config;
  if (auditSigningKey === undefined) {
    logger.warn("AUDIT_SIGNING_KEY_FILE is not set: checkpoints of the audit trail are not signed and can be forged");
  }
  return createCheckpointKeeper({
    database,
    store: createCheckpointStore(connection, config.controllerNamespace),
    trail: flusher,
    ...(auditSigningKey === undefined ? {} : { signingKey: parseSigningKey(auditSigningKey) }),
    recorder: context.recorder ?? "",
    version: context.controllerVersion ?? "",
    ...(context.policyHash === undefined ? {} : { policyHash: context.policyHash }),
    now: () => connection.clock.now(),
    after: (ms, run) => realTimers.after(ms, run),
    intervalMs: config.audit.checkpoint.intervalMs,
    hooks: hooks(needs),
  });
}

function hooks({ logger, metrics }: CheckpointNeeds): CheckpointHooks {
  return {
    onWritten: ({ text }) => {
      metrics.audit.checkpoints("written");
      logger.info({ checkpoint: text }, "audit checkpoint");
    },
    onLost: (lost) => {
      metrics.audit.checkpoints("lost", lost.length);
      const checkpoints = lost.map(({ text }) => text);
      logger.error(
        { checkpoints },
        "the audit trail isn't what it was at these checkpoints: rows are gone or rewritten",
      );
    },
    onForged: (text) => {
      metrics.audit.checkpoints("forged");
      logger.error({ text }, "somebody else has written a checkpoint of the audit trail: it is not believed");
    },
    onFailure: (err) => {
      metrics.audit.checkpoints("failed");
      logger.warn({ err }, "no checkpoint of the audit trail could be written; it is tried again");
    },
  };
}
