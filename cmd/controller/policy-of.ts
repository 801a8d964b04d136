import type { Config } from "../../pkg/config/config.ts";
import type { Policy } from "../../pkg/execution/policy.ts";

/** The part of the configuration that decisions depend on. */
export function policyOf(config: Config): Policy {
  return {
    clusterId: config.clusterID,
    shownParameters: config.audit.shownParameters,
    executionNamespace: config.executionNamespace,
    serviceAccountName: config.serviceAccountName,
    defaultTimeoutMs: config.defaultTimeoutMs,
    defaultMaxDelayMs: config.defaultMaxDelayMs,
    cooldownMs: config.cooldownPeriodMs,
    backoffBaseMs: config.backoff.baseMs,
    backoffMaxMs: config.backoff.maxMs,
    maxConsecutiveFailures: config.backoff.maxConsecutiveFailures,
    externalDeletionSettleMs: config.externalDeletionSettleMs,
    auditSettleMs: config.audit.settleMs,
    auditMode: config.audit.mode,
    auditBacklogMaxEvents: config.audit.backlog.maxEvents,
    auditBacklogMaxAgeMs: config.audit.backlog.maxAgeMs,
    stuckAfterMs: config.stuckAfterMs,
    keepRunsMs: config.retention.completedRuns.keepForMs,
    keepRuns: config.retention.completedRuns.keepCount,
  };
}
