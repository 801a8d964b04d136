import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { KubeConfig } from "@kubernetes/client-node";
import { SteppedTimers } from "../runtime/testing/stepped-timers.ts";
import { type Credentials, createCredentials } from "./credentials.ts";

type ConfigUser = Omit<KubeConfig["users"][number], "name">;
type ConfigCluster = Partial<KubeConfig["clusters"][number]>;

const ends: Readonly<Record<string, (credentials: Credentials, timers: SteppedTimers) => Promise<void>>> = {
  "everything is closed": (credentials) => credentials.close(),
  "a quarter of an hour has passed": (_credentials, timers) => timers.step(60_000),
};

void describe("credentials", () => {
  it("are the address, its path and the user's token", async () => {
    const cluster = { server: "https://10.0.0.1:6443/k8s/clusters/c1/" };
    const { credentials, timers } = start(() => aConfig({ token: "abc" }, cluster));
    const { origin, basePath, headers } = await credentials.current();
    assert.deepEqual([origin, basePath], ["https://10.0.0.1:6443", "/k8s/clusters/c1"]);
    assert.deepEqual(headers, { authorization: "Bearer abc" });
    assert.equal(timers.pending(), 0);
  });

  it("may be a name and a password, and another user to act as", async () => {
    const { credentials } = start(() => aConfig({ username: "a", password: "b", impersonateUser: "c" }));
    const { headers } = await credentials.current();
    assert.deepEqual(headers, { authorization: "Basic YTpi", "impersonate-user": "c" });
  });

  it("follow a token file that rotates, without its newline, over the same pool", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: 0 });
    const tokenFile = join(await temporaryDirectory(t), "token");
    await writeFile(tokenFile, "one\n");
    const authProvider = { name: "tokenFile", config: { tokenFile } };
    const { credentials, timers } = start(() => aConfig({ authProvider }));
    const first = await credentials.current();
    await writeFile(tokenFile, "two\n");
    // client-node reads the file again after a minute of the local clock.
    t.mock.timers.setTime(61_000);
    assert.deepEqual((await credentials.current()).headers, { authorization: "Bearer one" });
    await timers.step(30_000);
    const second = await credentials.current();
    assert.deepEqual(second.headers, { authorization: "Bearer two" });
    assert.equal(second.dispatcher, first.dispatcher);
  });

  it("are loaded anew after a 401, but not at every one", async () => {
    let loads = 0;
    const { credentials, timers } = start(() => aConfig({ token: `token-${String((loads += 1))}` }));
    assert.equal(await tokenOf(credentials), "Bearer token-1");
    credentials.invalidate();
    assert.equal(await tokenOf(credentials), "Bearer token-1");
    await timers.step(10_000);
    credentials.invalidate();
    assert.equal(await tokenOf(credentials), "Bearer token-2");
    credentials.invalidate();
    assert.equal(await tokenOf(credentials), "Bearer token-2");
  });

  it("get a new pool when the CA changes, and only then", async () => {
    let caData = encode("one");
    const { credentials, timers } = start(() => aConfig({ token: "t" }, { caData }));
    const first = await credentials.current();
    await timers.step(30_000);
    credentials.invalidate();
    assert.equal((await credentials.current()).dispatcher, first.dispatcher);
    caData = encode("two");
    await timers.step(30_000);
    credentials.invalidate();
    assert.notEqual((await credentials.current()).dispatcher, first.dispatcher);
  });

  for (const [sentence, endOf] of Object.entries(ends)) {
    it(`leave a replaced pool to the requests that still use it, until ${sentence}`, async (t) => {
      const server = await startEndlessServer(t);
      let caData = encode("one");
      const { credentials, timers } = start(() => aConfig({ token: "t" }, { server, caData }));
      const { dispatcher, origin } = await credentials.current();
      const { body } = await dispatcher.request({ origin, path: "/", method: "GET" });
      caData = encode("two");
      await timers.step(30_000);
      credentials.invalidate();
      assert.notEqual((await credentials.current()).dispatcher, dispatcher);
      const text = assert.rejects(body.text());
      await timers.step(14 * 60_000);
      assert.equal(body.destroyed, false);
      await endOf(credentials, timers);
      await text;
      await credentials.close();
      assert.equal(timers.pending(), 0);
    });
  }

  it("come from an exec plugin, which is asked once for many requests", async (t) => {
    const directory = await temporaryDirectory(t);
    const credential = {
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      status: { token: "x" },
    };
    const script = `echo run >>${directory}/runs; echo '${JSON.stringify(credential)}'`;
    const { credentials } = start(() => aConfig({ exec: { command: "sh", args: ["-c", script] } }));
    const tokens = await Promise.all([tokenOf(credentials), tokenOf(credentials), tokenOf(credentials)]);
    assert.deepEqual(tokens, ["Bearer x", "Bearer x", "Bearer x"]);
    assert.equal(await readFile(join(directory, "runs"), "utf8"), "run\n");
  });

  it("say whose plugin failed, and try it again", async () => {
    const { credentials } = start(() =>
      aConfig({ exec: { command: "sh", args: ["-c", "echo no login >&2; exit 1"] } }),
    );
    await assert.rejects(credentials.current(), /credentials of user me: no login/);
    await assert.rejects(credentials.current(), /credentials of user me: no login/);
  });

  it("don't wait for ever for a plugin that hangs", async (t) => {
    const directory = await temporaryDirectory(t);
    const script = `while [ -d ${directory} ]; do sleep 0.1; done`;
    const { credentials, timers } = start(() => aConfig({ exec: { command: "sh", args: ["-c", script] } }));
    const waiting = assert.rejects(credentials.current(), /credentials of user me: not complete within 5000 ms/);
    await timers.step(5_000);
    await waiting;
  });

  it("can't be sent in clear unless the kubeconfig says so", async () => {
    const { credentials } = start(() => aConfig({ token: "t" }, { server: "http://example", skipTLSVerify: false }));
    await assert.rejects(credentials.current(), /HTTP protocol is not allowed/);
  });

  it("need no SOCKS proxy: that is refused", async () => {
    const { credentials } = start(() => aConfig({ token: "t" }, { proxyUrl: "socks5://127.0.0.1:1" }));
    await assert.rejects(credentials.current(), /SOCKS proxy, which is not supported/);
  });
});

/** A server whose answers never end. */
async function startEndlessServer(t: TestContext): Promise<string> {
  const server = createServer((_request, response) => void response.writeHead(200).write("a")).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

function start(load: () => KubeConfig): { readonly credentials: Credentials; readonly timers: SteppedTimers } {
  const timers = new SteppedTimers();
  return { credentials: createCredentials({ load, timers, timeoutMs: 5_000 }), timers };
}

function aConfig(user: ConfigUser, cluster: ConfigCluster = {}): KubeConfig {
  const config = new KubeConfig();
  const defaults = { name: "here", server: "https://10.0.0.1", skipTLSVerify: true };
  config.loadFromClusterAndUser({ ...defaults, ...cluster }, { name: "me", ...user });
  return config;
}

async function tokenOf(credentials: Credentials): Promise<string | undefined> {
  return (await credentials.current()).headers["authorization"];
}

async function temporaryDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "credentials-"));
  t.after(() => rm(directory, { recursive: true }));
  return directory;
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64");
}
