import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { ApiError } from "../runtime/api-error.ts";
import { createClusterApi } from "./cluster-api.ts";
import { readLog } from "./read-log.ts";
import type { Reply } from "./testing/scripted-api-server.ts";
import { connectScripted, type ScriptedConnection } from "./testing/scripted-connection.ts";

const pod = { namespace: "runs", name: "run-pod", uid: "uid-1" };
const path = "/api/v1/namespaces/runs/pods/run-pod";
const details = { name: "run-pod", kind: "pods" };
const gone: Reply = { code: 404, json: { kind: "Status", reason: "NotFound", details } };

function answering(t: TestContext, log: Reply, now: Reply = { json: { metadata: pod } }): Promise<ScriptedConnection> {
  return connectScripted(t, (call) => (call.path === `${path}/log` ? log : now));
}

async function read({ connection }: ScriptedConnection): Promise<string> {
  return createClusterApi(connection).readLog(pod, "step-patch");
}

function isKind(kind: string): (error: unknown) => boolean {
  return (error) => error instanceof ApiError && error.facts.kind === kind;
}

void describe("the log of a container", () => {
  it("is asked for by its last lines, then the pod is read whose name that is", async (t) => {
    const scripted = await answering(t, { text: "one\ntwo\n" });
    assert.equal(await read(scripted), "one\ntwo\n");
    const [log, after] = scripted.server.calls;
    assert.deepEqual([log?.path, after?.path, scripted.server.calls.length], [`${path}/log`, path, 2]);
    assert.deepEqual(log?.query, { container: "step-patch", tailLines: "40", limitBytes: "655360" });
    assert.equal(log.headers.accept, "*/*");
  });
  it("is kept where the pod is gone by then: a pod that dies is what logs are read for", async (t) => {
    assert.equal(await read(await answering(t, { text: "last words" }, gone)), "last words");
  });
  it("isn't taken from another pod that has the name by then", async (t) => {
    const other = { json: { metadata: { ...pod, uid: "uid-2" } } };
    await assert.rejects(read(await answering(t, { text: "not ours" }, other)), isKind("conflict"));
  });
  it("that nobody can say whose it is isn't taken", async (t) => {
    await assert.rejects(
      read(await answering(t, { text: "whose?" }, { code: 500, text: "broken" })),
      isKind("unknown"),
    );
  });
  for (const [why, code, kind] of [
    ["of a container that waits to start", 400, "rejected"],
    ["whose node can't be reached", 500, "unknown"],
    ["that we may not read", 403, "forbidden"],
  ] as const) {
    it(`${why} is refused, and the pod isn't read`, async (t) => {
      const scripted = await answering(t, { code, json: { kind: "Status", message: why } });
      await assert.rejects(read(scripted), isKind(kind));
      assert.equal(scripted.server.calls.length, 1);
    });
  }
  it("that the kubelet doesn't have any more is empty", async (t) => {
    const text = "unable to retrieve container logs for containerd://0123456789abcdef";
    assert.equal(await read(await answering(t, { text })), "");
  });
  it("that doesn't end is given up", async (t) => {
    const { connection } = await answering(t, (response) => {
      response.writeHead(200);
      response.write("and then");
    });
    const { pods } = createClusterApi(connection);
    await assert.rejects(readLog(connection, pods, { pod, container: "step-patch" }, 50), isKind("unknown"));
  });
  it("of a pod that is gone is refused", async (t) => {
    await assert.rejects(read(await answering(t, gone)), isKind("notFound"));
  });
});

void describe("a log that is longer than what is kept", () => {
  function lines(count: number): string {
    return Array.from({ length: count }, (_, n) => `line ${String(n)} ${"ü".repeat(95)}\n`).join("");
  }
  it("keeps its end, from the beginning of a line", async (t) => {
    const end = await read(await answering(t, { text: lines(3_000) }));
    assert.match(end, /^line \d+ ü+\n/);
    assert.ok(end.endsWith(`line 2999 ${"ü".repeat(95)}\n`));
    const bytes = Buffer.byteLength(end);
    assert.ok(bytes <= 8_192 && bytes > 7_900, String(bytes));
  });
  it("is whole up to the very limit", async (t) => {
    const text = `${"a ".repeat(4_095)}b\n`;
    assert.equal(Buffer.byteLength(text), 8_192);
    assert.equal(await read(await answering(t, { text })), text);
  });
  it("and is one line keeps the words at its end, and not the word that was cut", async (t) => {
    const secret = "token=".padEnd(9_000, "s");
    assert.equal(await read(await answering(t, { text: `${secret} the end\n` })), "the end\n");
  });
  it("and is one word is nothing", async (t) => {
    assert.equal(await read(await answering(t, { text: "s".repeat(9_000) })), "");
    assert.equal(await read(await answering(t, { text: `${"s".repeat(9_000)}\n` })), "");
  });
});
