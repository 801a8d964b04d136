import { fromTimestamp } from "../../pkg/api/time.ts";
import type { FailingTarget, GaugeSources } from "../../pkg/telemetry/gauges.ts";
import type { Parts } from "./parts.ts";

/** What the gauges show, read from the stores and the audit backlog at each scrape. */
export function gaugeSources({ stores, evidence, queue, flusher, auditGate, connection }: Parts): GaugeSources {
  return {
    activeExecutions: () => stores.executions.list().filter(({ status }) => status?.phase === "Running").length,
    failingTargets,
    liveEvidence: () => {
      const { lostPods, events, logs, unclaimed } = evidence.counts();
      return { lost_pod: lostPods, event: events, log: logs, unclaimed_event: unclaimed };
    },
    queueDepths: () => ({ controller: queue.depth() }),
    auditBacklog: () => flusher.backlog().events,
    isAuditClosed: () => auditGate.isClosed(),
    auditOldestPendingSeconds: () => {
      const { oldestAt } = flusher.backlog();
      return oldestAt === undefined ? 0 : Math.max(0, (connection.clock.now() - fromTimestamp(oldestAt)) / 1000);
    },
  };

  function failingTargets(): readonly FailingTarget[] {
    return stores.locks.list().flatMap(({ spec }) =>
      (spec.workflows ?? []).map(({ consecutiveFailures = 0 }) => ({
        targetResource: spec.targetResource,
        consecutiveFailures,
      })),
    );
  }
}
