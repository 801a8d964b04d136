import { startHttpServer, type HttpServer, type ListenOptions } from "./http-server.ts";
import type { Metrics } from "./metrics.ts";

interface MetricsServerOptions extends ListenOptions {
  readonly metrics: Pick<Metrics, "render" | "contentType">;
}

/**
 * Serves `/metrics` in Prometheus' text format (BR-WE-008). It asks nobody who they are, so it belongs on a loopback
 * address: the configuration accepts no other one.
 */
export function startMetricsServer(options: MetricsServerOptions): Promise<HttpServer> {
  const { metrics } = options;
  return startHttpServer({
    ...options,
    name: "the metrics server",
    answer: async ({ path }) =>
      path === "/metrics" ? { status: 200, contentType: metrics.contentType, body: await metrics.render() } : undefined,
  });
}
