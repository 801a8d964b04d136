import { createHash, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

/** What a registry of a test does differently from an open one. */
export interface RegistryBehaviour {
  /** `user:password`; asked for by Basic, or by a token from /token. */
  readonly login?: { readonly scheme: "basic" | "bearer"; readonly userAndPassword: string };
  /** How many requests a token lives. */
  readonly tokenLife?: number;
  /** Where uploads go: another origin, as with a storage service. */
  readonly uploadsAt?: string;
  /** Answers instead of the registry where it gives true. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** A registry in this process, which speaks as much of the distribution specification as a push needs. */
export interface FakeRegistry {
  /** host:port */
  readonly address: string;
  /** Each request as `METHOD path`, with its Authorization header where there was one; digests and ids are replaced. */
  readonly requests: readonly string[];
  /** By digest, and by `repository:tag`. */
  readonly manifests: ReadonlyMap<string, Buffer>;
  readonly blobs: ReadonlyMap<string, Buffer>;
  readonly close: () => Promise<void>;
}

interface Stores {
  readonly manifests: Map<string, Buffer>;
  readonly blobs: Map<string, Buffer>;
  readonly tokens: Map<string, number>;
}

/** Starts a registry on a free port of 127.0.0.1. */
export async function startFakeRegistry(behaviour: RegistryBehaviour = {}): Promise<FakeRegistry> {
  const requests: string[] = [];
  const stores: Stores = { manifests: new Map(), blobs: new Map(), tokens: new Map() };
  const server = createServer((request, response) => {
    requests.push(describe(request));
    if (behaviour.intercept?.(request, response) === true) return;
    void answer(request, response, behaviour, stores);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: addressOf(server), requests, ...stores, close: async () => close(server) };
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return `127.0.0.1:${String(address.port)}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

function describe({ method = "", url = "", headers }: IncomingMessage): string {
  const path = url.replaceAll(/sha256(:|%3A)[0-9a-f]{64}/g, "DIGEST").replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID");
  const who = headers.authorization?.replace(/ .*/, "");
  return [method, path, ...(who === undefined ? [] : [`(${who})`])].join(" ");
}

interface Visit {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string;
  readonly body: Buffer;
  readonly behaviour: RegistryBehaviour;
  readonly stores: Stores;
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  behaviour: RegistryBehaviour,
  stores: Stores,
): Promise<void> {
  const { method = "", headers } = request;
  const url = new URL(request.url ?? "", `http://${headers.host ?? ""}`);
  const body = await buffer(request);
  const reply = replyTo({ method, url, authorization: headers.authorization ?? "", body, behaviour, stores });
  response.writeHead(reply.status, reply.headers).end(reply.text);
}

function replyTo(visit: Visit): Reply {
  const { login } = visit.behaviour;
  if (login !== undefined && visit.url.pathname === "/token") return giveToken(visit, basicOf(login));
  if (login !== undefined && !mayEnter(visit, login)) return askForLogin(visit, login);
  return visit.url.pathname === "/v2/" ? { status: 200 } : serve(visit);
}

function serve(visit: Visit): Reply {
  const [, repository = "", kind, name = ""] = /^\/v2\/(.+)\/(blobs|manifests)\/(.+)$/.exec(visit.url.pathname) ?? [];
  if (kind === undefined) return { status: 404 };
  return kind === "blobs" ? blobs(visit, repository, name) : manifests(visit, repository, name);
}

type Login = NonNullable<RegistryBehaviour["login"]>;

function basicOf({ userAndPassword }: Login): string {
  return `Basic ${Buffer.from(userAndPassword).toString("base64")}`;
}

function askForLogin({ url }: Visit, { scheme }: Login): Reply {
  const challenge = scheme === "basic" ? 'Basic realm="test"' : `Bearer realm="${url.origin}/token",service="test"`;
  const text = '{"errors":[{"code":"UNAUTHORIZED","message":"log in"}]}';
  return { status: 401, headers: { "www-authenticate": challenge }, text };
}

function giveToken({ url, authorization, behaviour, stores }: Visit, basic: string): Reply {
  const scope = url.searchParams.get("scope") ?? "";
  const good = authorization === basic && url.searchParams.get("service") === "test";
  if (!good || !/^repository:[a-z/]+:pull,push$/.test(scope)) {
    return { status: 401, text: '{"errors":[{"code":"UNAUTHORIZED","message":"bad credentials"}]}' };
  }
  const token = randomUUID();
  stores.tokens.set(token, behaviour.tokenLife ?? 1_000);
  return { status: 200, text: JSON.stringify({ token }) };
}

function mayEnter({ authorization, stores: { tokens } }: Visit, login: Login): boolean {
  if (login.scheme === "basic") return authorization === basicOf(login);
  const token = authorization.replace("Bearer ", "");
  const left = tokens.get(token) ?? 0;
  tokens.set(token, left - 1);
  return left > 0;
}

function blobs({ method, url, body, behaviour, stores }: Visit, repository: string, name: string): Reply {
  if (method === "HEAD") return { status: stores.blobs.has(name) ? 200 : 404 };
  if (method === "POST" && name === "uploads/") {
    const location = `/v2/${repository}/blobs/uploads/${randomUUID()}?state=a%20b`;
    return { status: 202, headers: { location: `${behaviour.uploadsAt ?? ""}${location}` } };
  }
  const good = method === "PUT" && url.searchParams.get("state") === "a b";
  if (!good || url.searchParams.get("digest") !== digestOf(body)) return { status: 400 };
  stores.blobs.set(digestOf(body), body);
  return { status: 201 };
}

function manifests({ method, body, stores }: Visit, repository: string, name: string): Reply {
  if (method === "HEAD") return { status: stores.manifests.has(name) ? 200 : 404 };
  stores.manifests.set(digestOf(body), body).set(`${repository}:${name}`, body);
  return { status: 201 };
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
