import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { startHealthServer, type HealthServerOptions, type ReadinessCheck } from "./health-server.ts";

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly body: string;
}

async function ask(t: TestContext, path: string, options: Partial<HealthServerOptions>): Promise<Answer> {
  const server = await startHealthServer({ bindAddress: "127.0.0.1", port: 0, readiness: [], ...options });
  t.after(() => server.close());
  const response = await fetch(`http://127.0.0.1:${String(server.address().port)}${path}`);
  return { status: response.status, type: response.headers.get("content-type"), body: await response.text() };
}

const ready: ReadinessCheck = { name: "caches-synced", check: () => true };
const notYet: ReadinessCheck = { name: "kubernetes", check: () => "not allowed to create PipelineRuns" };
const broken: ReadinessCheck = {
  name: "audit",
  check: () => {
    throw new Error("password authentication failed for s3cret");
  },
};

const TEXT = "text/plain; charset=utf-8";
const JSON_TYPE = "application/json";

describe("the health server", { timeout: 10_000 }, () => {
  const cases: readonly (readonly [string, string, readonly ReadinessCheck[], Answer])[] = [
    ["is alive", "/health", [], { status: 200, type: TEXT, body: "ok\n" }],
    ["is alive under the name that Kubernetes uses", "/healthz", [], { status: 200, type: TEXT, body: "ok\n" }],
    ["is alive when it isn't ready", "/health", [notYet, broken], { status: 200, type: TEXT, body: "ok\n" }],
    ["is ready without checks", "/ready", [], { status: 200, type: TEXT, body: "ok\n" }],
    ["is ready when every check passes", "/ready", [ready, ready], { status: 200, type: TEXT, body: "ok\n" }],
    ["is ready under the name that Kubernetes uses", "/readyz", [ready], { status: 200, type: TEXT, body: "ok\n" }],
    [
      "isn't ready when one check fails, and names it",
      "/ready",
      [ready, notYet],
      { status: 503, type: TEXT, body: "not ready: kubernetes\n" },
    ],
    [
      "isn't ready when a check breaks, and names all that fail",
      "/readyz",
      [broken, ready, notYet],
      { status: 503, type: TEXT, body: "not ready: audit, kubernetes\n" },
    ],
    [
      "tells each check's result if asked",
      "/ready?verbose",
      [ready],
      { status: 200, type: JSON_TYPE, body: '{"status":"ready","checks":[{"name":"caches-synced","ready":true}]}\n' },
    ],
    [
      "tells why a check fails if asked",
      "/readyz?verbose=1",
      [ready, notYet],
      {
        status: 503,
        type: JSON_TYPE,
        body:
          '{"status":"not ready","checks":[{"name":"caches-synced","ready":true},' +
          '{"name":"kubernetes","ready":false,"reason":"not allowed to create PipelineRuns"}]}\n',
      },
    ],
    [
      "doesn't tell anybody how a check broke",
      "/ready?verbose",
      [broken],
      {
        status: 503,
        type: JSON_TYPE,
        body: '{"status":"not ready","checks":[{"name":"audit","ready":false,"reason":"the check itself failed"}]}\n',
      },
    ],
    ["has no metrics", "/metrics", [], { status: 404, type: TEXT, body: "not found\n" }],
    ["has nothing at its root", "/", [], { status: 404, type: TEXT, body: "not found\n" }],
    ["has nothing below a path", "/ready/x", [], { status: 404, type: TEXT, body: "not found\n" }],
  ];
  for (const [sentence, path, readiness, answer] of cases) {
    it(`${sentence}: ${path}`, async (t) => {
      assert.deepEqual(await ask(t, path, { readiness }), answer);
    });
  }

  it("tells how long it has been alive if asked", async (t) => {
    const { status, body } = await ask(t, "/health?verbose", {});
    assert.equal(status, 200);
    assert.match(body, /^\{"status":"alive","uptimeSeconds":\d+\}\n$/);
  });

  it("tells the log how a check broke", async (t) => {
    const errors: string[] = [];
    await ask(t, "/ready", { readiness: [broken], onError: ({ message }) => errors.push(message) });
    assert.deepEqual(errors, ["password authentication failed for s3cret"]);
  });

  it("asks each check anew, every time", async (t) => {
    let asked = 0;
    function check(): string {
      return `not ready ${String(++asked)}`;
    }
    const server = await startHealthServer({ bindAddress: "127.0.0.1", port: 0, readiness: [{ name: "n", check }] });
    t.after(() => server.close());
    const url = `http://127.0.0.1:${String(server.address().port)}/ready?verbose`;
    assert.match(await (await fetch(url)).text(), /not ready 1/);
    assert.match(await (await fetch(url)).text(), /not ready 2/);
  });
});
