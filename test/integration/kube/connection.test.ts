import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { describe, it } from "node:test";
import { createConnection } from "../../../pkg/kube/connection.ts";
import { createListWatch } from "../../../pkg/kube/list-watch.ts";
import { createResource } from "../../../pkg/kube/resource.ts";
import type { ListWatch } from "../../../pkg/runtime/list-watch.ts";
import { waitFor } from "../../cluster/wait.ts";
import { NAMESPACE, useCluster } from "./cluster-context.ts";
import { expectError } from "./expect-error.ts";
import { startProxy } from "./proxy.ts";
import { type ConfigMap, configMaps } from "./widget.ts";

const ref = { namespace: NAMESPACE, name: "none" };
const API_SERVER = "kube-apiserver";

const context = useCluster();

void describe("the clock of a real API server", () => {
  it("is met within a second at once, and within 50 ms soon (this machine's clock is the server's)", async (t) => {
    const connection = context.connect();
    t.after(() => connection.close());
    const api = createResource<ConfigMap>(connection, configMaps);
    assert.throws(() => connection.clock.now(), /isn't known yet/);
    await api.get({ namespace: NAMESPACE, name: "none" });
    assert.ok(Math.abs(connection.clock.now() - Date.now()) <= 1_000);
    await waitFor("a precise clock", 20_000, async () => {
      await api.get({ namespace: NAMESPACE, name: "none" });
      return Math.abs(connection.clock.now() - Date.now()) <= 50;
    });
  });
});

void describe("the connections to a real API server", () => {
  it("are as many as there are requests at once, not as there are requests", async (t) => {
    const connection = context.connect();
    t.after(() => connection.close());
    const handshakes = countHandshakes();
    t.after(handshakes.stop);
    const api = createResource<ConfigMap>(connection, configMaps);
    for (let i = 0; i < 50; i += 1) await Promise.all(Array.from({ length: 8 }, () => api.get(ref)));
    // Twice as many at most: one may be opened while another is still putting an answer away.
    assert.ok(handshakes.count() <= 16, `${String(handshakes.count())} handshakes for 400 requests, 8 at a time`);
  });

  it("may go through a proxy, which sees nothing but bytes", async (t) => {
    const { kubeconfig, asked } = await startProxy(t, context.cluster().kubeconfig);
    const connection = createConnection({ kubeconfig, timeoutMs: 15_000, rate: { qps: 10, burst: 10 } });
    t.after(() => connection.close());
    assert.equal(await createResource<ConfigMap>(connection, configMaps).get(ref), undefined);
    assert.deepEqual(asked, [new URL(context.cluster().server).host]);
  });

  it("are free again after a watch was left", async (t) => {
    const connection = context.connect();
    t.after(() => connection.close());
    const source = createListWatch<ConfigMap>(connection, configMaps, { namespace: "kube-system" });
    // More than the pool has: each must give its connection back.
    for (let i = 0; i < 150; i += 1) {
      const iterator = source
        .watch({ resourceVersion: "0", signal: AbortSignal.timeout(30_000) })
        [Symbol.asyncIterator]();
      assert.equal((await iterator.next()).done, false);
      await iterator.return?.();
    }
    assert.equal(await createResource<ConfigMap>(connection, configMaps).get(ref), undefined);
  });
});

void describe("an API server that", () => {
  it("hangs leaves the outcome unknown, and is talked to again when it goes on", async (t) => {
    const connection = context.connect("admin", 1_000);
    t.after(() => connection.close());
    const api = createResource<ConfigMap>(connection, configMaps);
    await api.get(ref);
    await context.cluster().kill(API_SERVER, "SIGSTOP");
    const error = await expectError(api.get(ref), "unknown", 0).finally(() =>
      context.cluster().kill(API_SERVER, "SIGCONT"),
    );
    assert.match(error.message, /get configmaps kube-test\/none: no usable answer: not complete within 1000 ms/);
    assert.equal(await api.get(ref), undefined);
  });

  it("dies breaks watches and requests, and is talked to again when it is back", async (t) => {
    const connection = context.connect();
    t.after(() => connection.close());
    const api = createResource<ConfigMap>(connection, configMaps);
    const source = createListWatch<ConfigMap>(connection, configMaps, {});
    const { resourceVersion } = await source.listPage({ limit: 500, signal: AbortSignal.timeout(30_000) });
    const watching = expectError(drain(source, resourceVersion), "unknown", 0);
    await api.get(ref);
    await context.cluster().kill(API_SERVER);
    await watching;
    await expectError(api.get(ref), "unknown", 0);
    await context.cluster().restart(API_SERVER);
    assert.equal(await api.get(ref), undefined);
  });
});

/** Counts the connections that undici makes from now on. */
function countHandshakes(): { readonly count: () => number; readonly stop: () => void } {
  let count = 0;
  function onConnected(): void {
    count += 1;
  }
  subscribe("undici:client:connected", onConnected);
  return {
    count: () => count,
    stop: () => {
      unsubscribe("undici:client:connected", onConnected);
    },
  };
}

async function drain(source: ListWatch<ConfigMap>, resourceVersion: string): Promise<void> {
  for await (const event of source.watch({ resourceVersion, signal: AbortSignal.timeout(60_000) })) {
    assert.notEqual(event.type, "ERROR");
  }
}
