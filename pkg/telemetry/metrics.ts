import { collectDefaultMetrics, Registry } from "prom-client";
import { registerAuditMetrics, type AuditMetrics } from "./audit-metrics.ts";
import { registerExecutionMetrics, type ExecutionMetrics } from "./execution-metrics.ts";
import { registerGauges, type GaugeSources } from "./gauges.ts";
import { registerRuntimeMetrics, type RuntimeMetrics } from "./runtime-metrics.ts";

/** All metrics of a process (api.md section 5; docs/metrics.md explains each). Recording never throws. */
export interface Metrics {
  readonly execution: ExecutionMetrics;
  readonly audit: AuditMetrics;
  readonly runtime: RuntimeMetrics;
  /** Names the sources of the gauges, once, when they exist. Until then the gauges are absent rather than wrong. */
  observe(sources: GaugeSources): void;
  /** Everything in Prometheus' text format. Rejects where a source of a gauge throws. */
  render(): Promise<string>;
  /** Media type of what `render` gives. */
  readonly contentType: string;
}

/** Metrics with a registry of their own, also of the Node.js process itself. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    execution: registerExecutionMetrics(registry),
    audit: registerAuditMetrics(registry),
    runtime: registerRuntimeMetrics(registry),
    observe: (sources) => {
      registerGauges(registry, sources);
    },
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
