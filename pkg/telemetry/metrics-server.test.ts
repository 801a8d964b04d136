import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startMetricsServer } from "./metrics-server.ts";
import { createMetrics, type Metrics } from "./metrics.ts";

async function scrape(metrics: Pick<Metrics, "render" | "contentType">, path: string): Promise<Response> {
  const server = await startMetricsServer({ bindAddress: "127.0.0.1", port: 0, metrics });
  try {
    const response = await fetch(`http://127.0.0.1:${String(server.address().port)}${path}`);
    return new Response(await response.text(), response);
  } finally {
    await server.close();
  }
}

describe("the metrics server", { timeout: 10_000 }, () => {
  it("serves what was recorded, in the format that Prometheus reads", async () => {
    const metrics = createMetrics();
    metrics.execution.skipped("ResourceBusy");
    const response = await scrape(metrics, "/metrics");
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    const lines = (await response.text()).split("\n");
    assert.ok(lines.includes('workflowexecution_skip_total{reason="ResourceBusy"} 1'));
  });

  it("has nothing elsewhere", async () => {
    assert.equal((await scrape(createMetrics(), "/")).status, 404);
  });

  it("fails a scrape whose source fails, and tells nobody why", async () => {
    function render(): Promise<string> {
      return Promise.reject(new Error("store is closed"));
    }
    const response = await scrape({ render, contentType: "text/plain" }, "/metrics");
    assert.equal(response.status, 500);
    assert.equal(await response.text(), "internal error\n");
  });
});
