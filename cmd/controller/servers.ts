import { startHealthServer } from "../../pkg/telemetry/health-server.ts";
import { startMetricsServer } from "../../pkg/telemetry/metrics-server.ts";
import type { Parts } from "./parts.ts";
import type { Reflectors } from "./reflectors.ts";

export interface Servers {
  readonly healthPort: number;
  readonly metricsPort: number;
  close(): Promise<void>;
}

/** Starts the health and the metrics server. Ready means that every cache is complete. */
export async function startServers(parts: Parts, reflectors: Reflectors): Promise<Servers> {
  const { config, logger, metrics } = parts;
  const health = await startHealthServer({ ...config.health, onError, readiness: [{ name: "caches-synced", check }] });
  const scrape = await startMetricsServer({ ...config.metrics, metrics, onError }).catch(async (error: unknown) => {
    await health.close();
    throw error;
  });
  return {
    healthPort: health.address().port,
    metricsPort: scrape.address().port,
    close: async () => {
      await Promise.all([health.close(), scrape.close()]);
    },
  };

  function check(): true | string {
    const missing = reflectors.missing();
    return missing.length === 0 ? true : `not yet listed: ${missing.join(", ")}`;
  }
  function onError(err: Error): void {
    logger.warn({ err }, "an HTTP request could not be answered");
  }
}
