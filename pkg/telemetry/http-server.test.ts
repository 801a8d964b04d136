import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { plainText, startHttpServer, type HttpAnswer, type HttpServer, type HttpServerOptions } from "./http-server.ts";

const DEADLINE = { timeout: 10_000 };

async function start(t: TestContext, options: Partial<HttpServerOptions> = {}): Promise<HttpServer> {
  const server = await startHttpServer({
    name: "the test server",
    bindAddress: "127.0.0.1",
    port: 0,
    answer: ({ path, query }) => (path === "/" ? plainText(200, `query ${query.toString()}`) : undefined),
    limits: { closeGraceMs: 50 },
    ...options,
  });
  t.after(() => server.close());
  return server;
}

function open(server: HttpServer): Socket {
  const { address, port } = server.address();
  const socket = connect({ host: address, port });
  // The server may cut the connection: that is what some tests wait for.
  socket.on("error", () => undefined);
  return socket;
}

/** All that the server sends on one connection until it ends it. */
async function exchange(server: HttpServer, request: string): Promise<string> {
  const socket = open(server);
  let answer = "";
  socket.setEncoding("utf8").on("data", (part: string) => (answer += part));
  socket.write(request);
  await closed(socket);
  return answer;
}

function request(method: string, path: string): string {
  return `${method} ${path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n`;
}

/** Answers the first request on a connection that stays open. */
async function keepAlive(server: HttpServer): Promise<Socket> {
  const socket = open(server);
  socket.write("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
  await once(socket, "data");
  return socket;
}

/** However it ended: in good order or cut off. */
function closed(socket: Socket): Promise<void> {
  socket.resume();
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else
      socket.once("close", () => {
        resolve();
      });
  });
}

describe("a server", DEADLINE, () => {
  const exchanges: readonly (readonly [string, string, RegExp])[] = [
    ["answers GET", request("GET", "/"), /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nquery \n$/s],
    [
      "answers HEAD like GET, without the body",
      request("HEAD", "/"),
      /^HTTP\/1\.1 200 OK\r\n.*content-length: 7\r\n.*\r\n\r\n$/s,
    ],
    ["hands over the query, without the path", request("GET", "/?a=1&b?c"), /\r\n\r\nquery a=1&b%3Fc=\n$/],
    ["has nothing elsewhere", request("GET", "/other"), /^HTTP\/1\.1 404 .*\r\n\r\nnot found\n$/s],
    ["has nothing at a path that is no URL", request("GET", "//"), /^HTTP\/1\.1 404 /],
    ["has nothing at a path with a broken escape", request("GET", "/%zz"), /^HTTP\/1\.1 404 /],
    [
      "refuses POST, and says what it allows",
      request("POST", "/"),
      /^HTTP\/1\.1 405 .*allow: GET, HEAD\r\n.*connection: close\r\n/s,
    ],
    ["refuses DELETE, also where there is nothing", request("DELETE", "/other"), /^HTTP\/1\.1 405 /],
    ["refuses OPTIONS", request("OPTIONS", "*"), /^HTTP\/1\.1 405 /],
    ["refuses what isn't HTTP", "hello\r\n\r\n", /^HTTP\/1\.1 400 /],
    ["refuses endless headers", `GET / HTTP/1.1\r\nHost: x\r\nX: ${"y".repeat(9_000)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
    [
      "lets nobody keep its answers",
      request("GET", "/"),
      /cache-control: no-store\r\n.*x-content-type-options: nosniff\r\n/s,
    ],
  ];
  for (const [sentence, sent, answer] of exchanges) {
    it(sentence, async (t) => {
      assert.match(await exchange(await start(t), sent), answer);
    });
  }

  it("doesn't wait for the body of what it refuses", async (t) => {
    const answer = await exchange(await start(t), "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
    assert.match(answer, /^HTTP\/1\.1 405 /);
  });

  it("tells the log, not the client, why it has no answer", async (t) => {
    const errors: Error[] = [];
    const server = await start(t, {
      answer: () => Promise.reject(new Error("the password is wrong")),
      onError: (error) => errors.push(error),
    });
    assert.match(await exchange(server, request("GET", "/")), /^HTTP\/1\.1 500 .*\r\n\r\ninternal error\n$/s);
    assert.deepEqual(
      errors.map(({ message }) => message),
      ["the password is wrong"],
    );
  });

  it("cuts off a client that doesn't finish its request", async (t) => {
    const server = await start(t, { limits: { requestMs: 20 } });
    assert.match(await exchange(server, "GET / HTTP/1.1\r\nHost: "), /^HTTP\/1\.1 408 /);
  });

  it("doesn't wait for the body that a GET announces", async (t) => {
    const server = await start(t, { limits: { requestMs: 20 } });
    const answer = await exchange(server, "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n");
    assert.match(answer, /^HTTP\/1\.1 200 /);
  });

  it("cuts off a client that doesn't read its answer", async (t) => {
    const asked = Promise.withResolvers<undefined>();
    const body = "x".repeat(32 * 1_024 * 1_024);
    function answer(): HttpAnswer {
      asked.resolve(undefined);
      return plainText(200, body);
    }
    const server = await start(t, { limits: { stalledMs: 20, closeGraceMs: 60_000 }, answer });
    const socket = open(server).pause();
    socket.write(request("GET", "/"));
    await asked.promise;
    await server.close();
    socket.destroy();
  });

  it("lets go of a connection on which nothing is asked any more", async (t) => {
    const server = await start(t, { limits: { idleMs: 20, closeGraceMs: 60_000 } });
    await closed(await keepAlive(server));
  });

  it("takes only so many connections at once", async (t) => {
    const server = await start(t, { limits: { connections: 1, closeGraceMs: 50 } });
    const first = await keepAlive(server);
    assert.equal(await exchange(server, request("GET", "/")), "", "a second one is closed unread");
    first.destroy();
  });
});

describe("a server that closes", DEADLINE, () => {
  it("doesn't wait for an idle keep-alive connection", async (t) => {
    const server = await start(t, { limits: { closeGraceMs: 60_000, idleMs: 60_000 } });
    const socket = await keepAlive(server);
    await server.close();
    await closed(socket);
  });

  it("lets an answer under way be finished", async (t) => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const asked = Promise.withResolvers<undefined>();
    async function answer(): Promise<HttpAnswer> {
      asked.resolve(undefined);
      await promise;
      return plainText(200, "late");
    }
    const server = await start(t, { limits: { closeGraceMs: 60_000 }, answer });
    const exchanged = exchange(server, request("GET", "/"));
    await asked.promise;
    const end = server.close();
    resolve(undefined);
    assert.match(await exchanged, /late\n$/);
    await end;
  });

  it("doesn't wait for a request that never comes to its end", async (t) => {
    const server = await start(t, { limits: { closeGraceMs: 10, requestMs: 60_000 } });
    const socket = await keepAlive(server);
    socket.write("GET / HT");
    await server.close();
    await closed(socket);
  });

  it("doesn't wait for an answer that never comes", async (t) => {
    const asked = Promise.withResolvers<undefined>();
    function answer(): Promise<HttpAnswer> {
      asked.resolve(undefined);
      return new Promise(() => undefined);
    }
    const server = await start(t, { limits: { closeGraceMs: 10 }, answer });
    const exchanged = exchange(server, request("GET", "/"));
    await asked.promise;
    await server.close();
    assert.equal(await exchanged, "");
  });

  it("may be closed twice", async (t) => {
    const server = await start(t);
    await server.close();
    await server.close();
  });

  it("leaves its port to the next one", async (t) => {
    const first = await start(t);
    const { port } = first.address();
    await first.close();
    const second = await start(t, { port });
    assert.equal(second.address().port, port);
  });
});

describe("a server that can't listen", DEADLINE, () => {
  it("says that the port is in use, and where", async (t) => {
    const { port } = (await start(t)).address();
    await assert.rejects(start(t, { port }), {
      message: `the test server can't listen on 127.0.0.1:${String(port)}: the port is in use, choose another or stop what uses it`,
    });
  });

  it("says that the address isn't one of this machine", async (t) => {
    await assert.rejects(
      start(t, { bindAddress: "192.0.2.1" }),
      /^Error: the test server can't listen on 192\.0\.2\.1:0: .*EADDRNOTAVAIL/,
    );
  });
});
