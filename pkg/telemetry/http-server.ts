import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { isIPv6, type AddressInfo } from "node:net";

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

interface HttpRequest {
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/** What both servers can be told. */
export interface ListenOptions {
  readonly bindAddress: string;
  /** 0: any free port; `address()` says which. */
  readonly port: number;
  /** An answer could not be made, or a connection not be accepted. The server goes on. */
  readonly onError?: (error: Error) => void;
  readonly limits?: Partial<HttpLimits>;
}

/** What one client can cost. Times are in milliseconds. */
interface HttpLimits {
  /** A request must have arrived within this time. */
  readonly requestMs: number;
  /** A connection without a request is kept this long. */
  readonly idleMs: number;
  /** An answer that its reader doesn't take ends after this time without progress. */
  readonly stalledMs: number;
  /** How long `close` waits for answers that are under way. */
  readonly closeGraceMs: number;
  /** More connections at once are closed unread. */
  readonly connections: number;
}

export interface HttpServerOptions extends ListenOptions {
  /** As errors call the server: "the health server". */
  readonly name: string;
  /** Undefined: there is nothing at that path. */
  readonly answer: (request: HttpRequest) => HttpAnswer | undefined | Promise<HttpAnswer | undefined>;
}

export interface HttpServer {
  address(): { readonly address: string; readonly port: number };
  /** Stops listening and resolves when no connection is left: idle ones end at once, the others after closeGraceMs. */
  close(): Promise<void>;
}

const LIMITS: HttpLimits = {
  requestMs: 5_000,
  idleMs: 5_000,
  stalledMs: 10_000,
  closeGraceMs: 1_000,
  connections: 256,
};
const MAX_HEADER_BYTES = 8_192;
const SLOWEST_CHECK_MS = 1_000;

/**
 * Serves GET and HEAD (405 for anything else) and resolves when it listens.
 * Rejects where it can't listen; the message names the server, the address and what to do.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const limits = { ...LIMITS, ...options.limits };
  const server = createLimitedServer(limits, (request, response) => {
    void respond(options, request, response);
  });
  await listen(server, options);
  return {
    address: () => server.address() as AddressInfo,
    close: () => close(server, limits.closeGraceMs),
  };
}

function createLimitedServer(limits: HttpLimits, onRequest: RequestListener): Server {
  const server = createServer(
    {
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.idleMs,
      connectionsCheckingInterval: Math.min(limits.requestMs, SLOWEST_CHECK_MS),
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    onRequest,
  );
  server.maxConnections = limits.connections;
  server.timeout = limits.stalledMs;
  return server;
}

function listen(server: Server, options: HttpServerOptions): Promise<void> {
  const { bindAddress, port, onError } = options;
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      reject(listenError(options, error));
    });
    server.listen({ host: bindAddress, port }, () => {
      server.removeAllListeners("error");
      // Without a listener, a connection that can't be accepted (too many open files) would end the process.
      server.on("error", (error) => onError?.(error));
      resolve();
    });
  });
}

function listenError({ name, bindAddress, port }: HttpServerOptions, error: NodeJS.ErrnoException): Error {
  const where = `${isIPv6(bindAddress) ? `[${bindAddress}]` : bindAddress}:${String(port)}`;
  const why = error.code === "EADDRINUSE" ? "the port is in use, choose another or stop what uses it" : error.message;
  return new Error(`${name} can't listen on ${where}: ${why}`, { cause: error });
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.closeAllConnections();
    }, graceMs);
    // Ends the idle connections too.
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function respond(options: HttpServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    // What came as a body is not read: the connection is of no more use.
    send(response.setHeader("allow", "GET, HEAD").setHeader("connection", "close"), METHOD_NOT_ALLOWED);
    return;
  }
  try {
    send(response, (await options.answer(parse(request.url ?? "/"))) ?? NOT_FOUND);
  } catch (error) {
    options.onError?.(error instanceof Error ? error : new Error(String(error)));
    send(response, FAILED);
  }
}

const METHOD_NOT_ALLOWED = plainText(405, "method not allowed");
const NOT_FOUND = plainText(404, "not found");
/** The reason goes to the log: whoever asks here may be anybody. */
const FAILED = plainText(500, "internal error");

/** An answer of one line. */
export function plainText(status: number, line: string): HttpAnswer {
  return { status, contentType: "text/plain; charset=utf-8", body: `${line}\n` };
}

/** Not through URL: that throws on paths that anybody may send. */
function parse(url: string): HttpRequest {
  const [path = "", ...query] = url.split("?");
  return { path, query: new URLSearchParams(query.join("?")) };
}

function send(response: ServerResponse, { status, contentType, body }: HttpAnswer): void {
  response.writeHead(status, {
    "content-type": contentType,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  // Node itself leaves the body out of an answer to HEAD.
  response.end(body);
}
