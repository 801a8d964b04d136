import type { RequestOptions } from "node:https";
import { Agent, type Dispatcher, ProxyAgent } from "undici";

/** What of a TLS connection a kubeconfig decides. */
export type TlsSettings = Pick<RequestOptions, "ca" | "cert" | "key" | "servername" | "rejectUnauthorized">;

/**
 * Settings of the one pool through which everything goes.
 *
 * HTTP/1.1 on purpose: a connection that has silently died then costs one request its timeout, and not every request
 * and watch that was multiplexed on it. Times are limited by each request's own deadline (deadline.ts).
 */
const settings = {
  allowH2: false,
  pipelining: 1,
  // Workers, watches and the rest stay far below; more would only move the queue into the API server.
  connections: 128,
  // Below the 90 s after which the API server closes an idle connection, and the 60 s of common load balancers.
  keepAliveTimeout: 45_000,
  headersTimeout: 0,
  bodyTimeout: 0,
} as const satisfies Agent.Options;

/** TCP's own probes find a dead peer under a silent watch; before cloud load balancers forget the connection (60 s). */
const probes = { keepAlive: true, keepAliveInitialDelay: 30_000 } as const;

/** A pool of connections with these TLS settings, through the kubeconfig's proxy-url where it has one. */
export function createDispatcher(tls: TlsSettings, proxyUrl: string | undefined): Dispatcher {
  const connect = { ...definedOf(tls), ...probes };
  if (proxyUrl === undefined) return new Agent({ ...settings, connect });
  if (proxyUrl.startsWith("socks")) {
    throw new Error("the kubeconfig's proxy-url is a SOCKS proxy, which is not supported: use an HTTP proxy");
  }
  return new ProxyAgent({ ...settings, uri: proxyUrl, requestTls: connect });
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the settings that are undefined: those would override defaults. */
function definedOf(tls: TlsSettings): Defined<TlsSettings> {
  const { ca, cert, key, servername, rejectUnauthorized } = tls;
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(servername === undefined ? {} : { servername }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  };
}
