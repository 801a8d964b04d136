import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A request as it arrived. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON; undefined where there was none. */
  readonly body: unknown;
}

/** What to answer; a function writes the answer itself (slowly, in pieces, or not at all). */
export type Reply =
  | {
      readonly code?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly json?: unknown;
      readonly text?: string;
    }
  | ((response: ServerResponse) => void);

/** A local HTTP server that answers as a test says, on real sockets. For what a real API server can't be made to do. */
export interface ScriptedApiServer {
  readonly url: string;
  /** Path of a kubeconfig for it. */
  readonly kubeconfig: string;
  readonly calls: readonly Call[];
  /** How many connections were accepted so far. */
  readonly accepted: () => number;
  /** Resolves when no connection is open any longer. */
  readonly idle: () => Promise<void>;
  /** Stops listening: new connections are refused. */
  readonly stop: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function startScriptedApiServer(answer: (call: Call) => Reply): Promise<ScriptedApiServer> {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    void readCall(request).then((call) => {
      calls.push(call);
      send(response, answer(call));
    });
  });
  let accepted = 0;
  let open = 0;
  server.on("connection", (socket) => {
    accepted += 1;
    open += 1;
    socket.on("close", () => {
      open -= 1;
      server.emit("left");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const directory = await mkdtemp(join(tmpdir(), "scripted-api-"));

  async function idle(): Promise<void> {
    while (open > 0) await once(server, "left");
  }
  async function stop(): Promise<void> {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  }
  async function close(): Promise<void> {
    await stop();
    await rm(directory, { recursive: true });
  }
  const kubeconfig = await writeKubeconfig(directory, url);
  return { url, kubeconfig, calls, accepted: () => accepted, idle, stop, close };
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  const url = new URL(request.url ?? "", "http://server");
  return {
    method: request.method ?? "",
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body: text === "" ? undefined : JSON.parse(text),
  };
}

function send(response: ServerResponse, reply: Reply): void {
  if (typeof reply === "function") {
    reply(response);
    return;
  }
  response.writeHead(reply.code ?? 200, { "audit-id": "scripted", ...reply.headers });
  response.end(reply.text ?? JSON.stringify(reply.json ?? {}));
}

async function writeKubeconfig(directory: string, server: string): Promise<string> {
  const file = join(directory, "kubeconfig");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "scripted", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "tester", user: { token: "secret-token" } }],
    contexts: [{ name: "scripted", context: { cluster: "scripted", user: "tester" } }],
    "current-context": "scripted",
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}
