import assert from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { connectScripted } from "./testing/scripted-connection.ts";
import { ApiError, type ApiErrorFacts } from "../runtime/api-error.ts";
import type { ApiRequest } from "./api-request.ts";
import { createConnection } from "./connection.ts";
import type { RequestRecord } from "./send.ts";

const request: ApiRequest = {
  verb: "get",
  resource: "pods",
  namespace: "ns",
  name: "x",
  path: "/api/v1/namespaces/ns/pods/x",
};
const unknown: ApiErrorFacts = { kind: "unknown", code: 0 };

void describe("a request", () => {
  it("sends method, path, query, JSON and token, and gives the answer's JSON", async (t) => {
    const { server, connection } = await connectScripted(t, () => ({ code: 201, json: { name: "ü" } }));
    const query = { fieldValidation: "Strict", labelSelector: "a=b,c" };
    const answer = await connection.request({ ...request, verb: "create", query, body: { é: 1 } });
    assert.deepEqual(answer, { name: "ü" });
    const [call] = server.calls;
    assert.equal(call?.method, "POST");
    assert.equal(call.path, request.path);
    assert.deepEqual(call.query, query);
    assert.deepEqual(call.body, { é: 1 });
    assert.equal(call.headers.authorization, "Bearer secret-token");
    assert.equal(call.headers["content-type"], "application/json");
    assert.equal(call.headers.accept, "application/json");
    assert.equal(call.headers["user-agent"], "workflow-execution-controller");
  });

  it("goes over one pool of connections that are kept", async (t) => {
    const { server, connection } = await connectScripted(t, () => ({}));
    for (let i = 0; i < 20; i += 1) await connection.request(request);
    assert.equal(server.calls.length, 20);
    // A second one may be opened while the first is still putting an answer away.
    assert.ok(server.accepted() <= 2, String(server.accepted()));
  });

  it("fails with what the API server said, and never repeats the token", async (t) => {
    const text = JSON.stringify({ kind: "Status", reason: "Conflict", message: "modified" });
    const { connection } = await connectScripted(t, () => ({ code: 409, headers: { "retry-after": "3" }, text }));
    const error = await failure(connection.request({ ...request, verb: "update", body: {} }));
    assert.equal(error.message, "update pods ns/x: 409 Conflict: modified");
    assert.deepEqual(error.facts, { kind: "conflict", code: 409, reason: "Conflict", retryAfterMs: 3000 });
    assert.doesNotMatch(JSON.stringify(error), /secret-token/);
  });

  const silences: Readonly<Record<string, (response: ServerResponse) => void>> = {
    "without headers": () => undefined,
    "within the body": (response) => void response.writeHead(200).write('{"a":'),
  };
  for (const [sentence, answer] of Object.entries(silences)) {
    it(`that stays without an answer ${sentence} ends with its timeout, and so does its connection`, async (t) => {
      const { server, connection } = await connectScripted(t, () => answer);
      const error = await failure(connection.request({ ...request, timeoutMs: 30 }));
      assert.equal(error.message, "get pods ns/x: no usable answer: not complete within 30 ms");
      assert.deepEqual(error.facts, unknown);
      await server.idle();
    });
  }

  const breaks: Readonly<Record<string, { answer: (response: ServerResponse) => void; says: RegExp }>> = {
    "without an answer": { answer: (response) => response.destroy(), says: /other side closed/ },
    "within the body": {
      answer: (response) =>
        response.writeHead(201, { "content-length": "100" }).write('{"a":', () => response.destroy()),
      says: /other side closed/,
    },
    "with something else than JSON": { answer: (response) => response.end("<html>"), says: /not valid JSON/ },
  };
  for (const [sentence, { answer, says }] of Object.entries(breaks)) {
    it(`whose connection ends ${sentence} has an unknown outcome and isn't sent again`, async (t) => {
      const { server, connection } = await connectScripted(t, () => answer);
      const error = await failure(connection.request({ ...request, verb: "create", body: {} }));
      assert.match(error.message, says);
      assert.deepEqual(error.facts, unknown);
      assert.equal(server.calls.length, 1);
    });
  }

  it("to a server that isn't there has an unknown outcome", async (t) => {
    const { server, connection } = await connectScripted(t, () => ({}));
    await server.stop();
    const error = await failure(connection.request(request));
    assert.match(error.message, /no usable answer: .*ECONNREFUSED/);
    assert.deepEqual(error.facts, unknown);
  });

  it("can be aborted, before it is sent and while it waits", async (t) => {
    const arrived = Promise.withResolvers<undefined>();
    const { server, connection } = await connectScripted(t, () => () => {
      arrived.resolve(undefined);
    });
    const early = await failure(connection.request({ ...request, signal: AbortSignal.abort(new Error("stopping")) }));
    assert.deepEqual([early.facts, server.calls.length], [unknown, 0]);
    const controller = new AbortController();
    const waiting = failure(connection.request({ ...request, signal: controller.signal }));
    await arrived.promise;
    controller.abort(new Error("stopping"));
    assert.equal((await waiting).message, "get pods ns/x: no usable answer: stopping");
    await server.idle();
  });

  it("is held back by the rate limit", async (t) => {
    const { server, connection } = await connectScripted(t, () => ({}), { rate: { qps: 0.001, burst: 2 } });
    await Promise.all([connection.request(request), connection.request(request)]);
    const controller = new AbortController();
    const waiting = failure(connection.request({ ...request, signal: controller.signal }));
    // Time enough for it to arrive, if it had been sent.
    for (let i = 0; i < 10; i += 1) await (await fetch(`${server.url}/elsewhere`)).arrayBuffer();
    assert.equal(server.calls.filter(({ path }) => path === request.path).length, 2);
    controller.abort(new Error("stopping"));
    assert.equal((await waiting).message, "get pods ns/x: no usable answer: stopping");
  });

  it("is reported with its code and time, also where no answer came", async (t) => {
    const records: RequestRecord[] = [];
    const codes = [200, 404, 0];
    const { connection } = await connectScripted(t, () => answerWith(codes.shift()), {
      onRequest: (record) => records.push(record),
    });
    for (let i = 0; i < 3; i += 1) await connection.request(request).catch(() => undefined);
    assert.deepEqual(
      records.map(({ verb, resource, code }) => [verb, resource, code]),
      [200, 404, 0].map((code) => ["get", "pods", code]),
    );
    assert.ok(records.every(({ seconds }) => seconds > 0 && seconds < 10));
  });

  it("after a 401 is sent with credentials that are read anew", async (t) => {
    const { server } = await connectScripted(t, ({ headers }) =>
      headers.authorization === "Bearer new" ? {} : { code: 401 },
    );
    const credential = { token: "old", expirationTimestamp: "2020-01-01T00:00:00Z" };
    const file = await writeExecKubeconfig(server.kubeconfig, credential);
    const connection = createConnection({
      kubeconfig: server.kubeconfig,
      timeoutMs: 5_000,
      rate: { qps: 9, burst: 9 },
    });
    t.after(() => connection.close());
    assert.deepEqual((await failure(connection.request(request))).facts, { kind: "unknown", code: 401 });
    await writeFile(file, JSON.stringify({ status: { ...credential, token: "new" } }));
    assert.deepEqual(await connection.request(request), {});
  });

  it("goes through the kubeconfig's proxy", async (t) => {
    const proxy = createServer((incoming, response) => {
      response.end(JSON.stringify({ asked: incoming.url }));
    }).listen(0, "127.0.0.1");
    await once(proxy, "listening");
    t.after(() => proxy.close());
    const { server } = await connectScripted(t, () => ({}));
    const proxyUrl = `http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`;
    const text = await readFile(server.kubeconfig, "utf8");
    await writeFile(server.kubeconfig, text.replace('"server":', `"proxy-url":"${proxyUrl}","server":`));
    const connection = createConnection({
      kubeconfig: server.kubeconfig,
      timeoutMs: 5_000,
      rate: { qps: 1, burst: 1 },
    });
    t.after(() => connection.close());
    assert.deepEqual(await connection.request(request), { asked: `${server.url}${request.path}` });
    assert.equal(server.calls.length, 0);
  });
});

void describe("the connection's clock", () => {
  const date = "Tue, 01 Jan 2030 00:00:10 GMT";

  it("is the API server's", async (t) => {
    const { connection } = await connectScripted(t, () => ({ headers: { date } }));
    await connection.request(request);
    assert.ok(Math.abs(connection.clock.now() - Date.parse(date)) < 2_000);
  });

  it("is not that of a load balancer that answers in the API server's place", async (t) => {
    const { connection } = await connectScripted(t, () => (response: ServerResponse) => {
      response.writeHead(503, { date }).end();
    });
    await failure(connection.request(request));
    assert.throws(() => connection.clock.now(), /isn't known yet/);
  });
});

void describe("a stream", () => {
  const watch: ApiRequest = { verb: "watch", resource: "pods", path: "/api/v1/pods", query: { watch: "1" } };

  it("gives what comes, until the server ends it", async (t) => {
    const { connection } = await connectScripted(t, () => ({ text: "abc" }));
    assert.equal(await textOf(await connection.stream(watch, 10_000)), "abc");
  });

  it("that is refused fails like a request", async (t) => {
    const { connection } = await connectScripted(t, () => ({
      code: 410,
      text: '{"kind":"Status","reason":"Expired"}',
    }));
    const error = await failure(connection.stream(watch, 10_000));
    assert.deepEqual(error.facts, { kind: "expired", code: 410, reason: "Expired" });
  });

  it("may live longer than a request's time, but not longer than its own", async (t) => {
    const { server, connection } = await connectScripted(t, () => (response: ServerResponse) => {
      response.writeHead(200).write("abc");
    });
    const error = await failure(connection.stream({ ...watch, timeoutMs: 10_000 }, 30).then(textOf));
    assert.equal(error.message, "watch pods: no usable answer: not complete within 30 ms");
    await server.idle();
  });

  it("that breaks fails", async (t) => {
    const { connection } = await connectScripted(t, () => (response: ServerResponse) => {
      response.writeHead(200).write("abc", () => response.destroy());
    });
    assert.deepEqual((await failure(connection.stream(watch, 10_000).then(textOf))).facts, unknown);
  });

  it("frees its connection when its reader has had enough", async (t) => {
    const { server, connection } = await connectScripted(t, () => (response: ServerResponse) => {
      response.writeHead(200).write("abc");
    });
    for await (const chunk of await connection.stream(watch, 10_000)) {
      assert.equal(Buffer.from(chunk).toString(), "abc");
      break;
    }
    await server.idle();
  });

  it("frees its connection when it is aborted", async (t) => {
    const { server, connection } = await connectScripted(t, () => (response: ServerResponse) => {
      response.writeHead(200).flushHeaders();
    });
    const controller = new AbortController();
    const chunks = await connection.stream({ ...watch, signal: controller.signal }, 10_000);
    const reading = failure(textOf(chunks));
    controller.abort(new Error("stopping"));
    assert.match((await reading).message, /stopping/);
    await server.idle();
  });

  it("ends with the connection", async (t) => {
    const { server, connection } = await connectScripted(t, () => (response: ServerResponse) => {
      response.writeHead(200).flushHeaders();
    });
    const reading = failure(textOf(await connection.stream(watch, 10_000)));
    await connection.close();
    assert.deepEqual((await reading).facts, unknown);
    await server.idle();
  });
});

/** Makes the user's credentials come from a plugin that prints a file; gives the file's path. */
async function writeExecKubeconfig(kubeconfig: string, status: unknown): Promise<string> {
  const file = `${kubeconfig}.credential`;
  await writeFile(file, JSON.stringify({ status }));
  const text = await readFile(kubeconfig, "utf8");
  const exec = JSON.stringify({ exec: { command: "cat", args: [file] } });
  await writeFile(kubeconfig, text.replace('{"token":"secret-token"}', exec));
  return file;
}

function answerWith(code: number | undefined): { code: number } | ((response: ServerResponse) => void) {
  return code === undefined || code === 0 ? (response) => response.destroy() : { code };
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString("utf8");
}

async function failure(work: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ApiError, `not an ApiError: ${String(error)}`);
  return error;
}
