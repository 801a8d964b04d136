import { Gauge, type Registry } from "prom-client";

/** What is true now and is asked at each scrape, so that nobody has to remember to tell. */
export interface GaugeSources {
  /** Executions in phase Running. */
  activeExecutions(): number;
  /** Targets with failures in a row before a run could execute. Only the worst ones are shown. */
  failingTargets(): Iterable<FailingTarget>;
  /** Keys that wait for a worker now, by the name of their queue. */
  queueDepths(): Readonly<Record<string, number>>;
  /** Events that PostgreSQL hasn't acknowledged yet. */
  auditBacklog(): number;
  /** Age of the oldest of them in seconds, 0 without any. */
  auditOldestPendingSeconds(): number;
  /** Whether so many events wait, or one for so long, that no execution takes its target. */
  isAuditClosed(): boolean;
  /** What is remembered of live runs, by kind. */
  liveEvidence(): Readonly<Record<string, number>>;
}

export interface FailingTarget {
  readonly targetResource: string;
  readonly consecutiveFailures: number;
}

/** Each target is a time series of its own: a scrape must stay small however much is broken. */
export const MOST_FAILING_TARGETS = 100;

/** Registers the gauges, each read from its source at every scrape. To be called once, when the sources exist. */
export function registerGauges(registry: Registry, sources: GaugeSources): void {
  registerNumber(registry, {
    name: "workflowexecution_active",
    help: "Executions whose run is running now.",
    read: () => sources.activeExecutions(),
  });
  registerNumber(registry, {
    name: "workflowexecution_audit_backlog",
    help: "Audit events that wait to be committed by PostgreSQL.",
    read: () => sources.auditBacklog(),
  });
  registerNumber(registry, {
    name: "workflowexecution_audit_oldest_pending_seconds",
    help: "Age of the oldest audit event that PostgreSQL hasn't committed.",
    read: () => sources.auditOldestPendingSeconds(),
  });
  registerNumber(registry, {
    name: "workflowexecution_audit_closed",
    help: "1 while too many audit events wait, or one for too long, so that no execution takes its target; else 0.",
    read: () => (sources.isAuditClosed() ? 1 : 0),
  });
  registerNumbers(registry, {
    name: "workflowexecution_workqueue_depth",
    help: "Keys that wait for a worker now.",
    label: "queue",
    read: () => sources.queueDepths(),
  });
  registerNumbers(registry, {
    name: "workflowexecution_live_evidence",
    help: "Pods that are gone, warnings about pods and ends of logs that are kept in memory to explain live runs.",
    label: "kind",
    read: () => sources.liveEvidence(),
  });
  registerFailingTargets(registry, sources);
}

interface NumberGauge {
  readonly name: string;
  readonly help: string;
  readonly read: () => number;
}

function registerNumber(registry: Registry, { name, help, read }: NumberGauge): void {
  const gauge = new Gauge({
    name,
    help,
    registers: [registry],
    collect: () => {
      gauge.set(read());
    },
  });
}

interface NumbersGauge extends Omit<NumberGauge, "read"> {
  /** The one label: its values come with the numbers. */
  readonly label: string;
  readonly read: () => Readonly<Record<string, number>>;
}

function registerNumbers(registry: Registry, { name, help, label, read }: NumbersGauge): void {
  const gauge = new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect: () => {
      for (const [value, number] of Object.entries(read())) gauge.set({ [label]: value }, number);
    },
  });
}

function registerFailingTargets(registry: Registry, sources: GaugeSources): void {
  const gauge = new Gauge({
    name: "workflowexecution_consecutive_failures",
    help: `Failures in a row before a run could execute, of the ${String(MOST_FAILING_TARGETS)} targets with the most; gone once one succeeds.`,
    labelNames: ["target_resource"],
    registers: [registry],
    collect: () => {
      gauge.reset();
      for (const { targetResource, consecutiveFailures } of worst(sources.failingTargets())) {
        gauge.set({ target_resource: targetResource }, consecutiveFailures);
      }
    },
  });
}

/** A target that several workflows failed on counts once. Ties are broken by name: the same state, the same targets. */
function worst(targets: Iterable<FailingTarget>): readonly FailingTarget[] {
  const highest = new Map<string, number>();
  for (const { targetResource, consecutiveFailures } of targets) {
    highest.set(targetResource, Math.max(consecutiveFailures, highest.get(targetResource) ?? 0));
  }
  return [...highest]
    .map(([targetResource, consecutiveFailures]) => ({ targetResource, consecutiveFailures }))
    .filter(({ consecutiveFailures }) => consecutiveFailures > 0)
    .sort((a, b) => b.consecutiveFailures - a.consecutiveFailures || (a.targetResource < b.targetResource ? -1 : 1))
    .slice(0, MOST_FAILING_TARGETS);
}
