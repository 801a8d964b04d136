import type { RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import type { Dispatcher } from "undici";
import { abortable } from "../runtime/abortable.ts";
import type { Timers } from "../runtime/timers.ts";
import { startDeadline } from "./deadline.ts";
import { createPools } from "./pools.ts";

/** Where to send a request, through which connections, and as whom. */
export interface Access {
  readonly origin: string;
  /** The path of the server's address without a trailing slash: some clusters are served below one. */
  readonly basePath: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
}

/**
 * Who we are to the API server. Tokens in files and from exec plugins, client certificates and CAs change while we run:
 * they are read again every half minute, and the pool is replaced only when TLS itself has changed.
 */
export interface Credentials {
  /** Rejects with Error where a file can't be read or a plugin fails or hangs. */
  current(): Promise<Access>;
  /** To be called after a 401: the next request reads everything again. */
  invalidate(): void;
  /** Closes all connections; requests under way fail. */
  close(): Promise<void>;
}

export interface CredentialsOptions {
  readonly load: () => KubeConfig;
  readonly timers: Timers;
  /** How long an exec plugin may take, in milliseconds. */
  readonly timeoutMs: number;
}

const REFRESH_MS = 30_000;
/** At most so often is the kubeconfig itself loaded again: that forgets what exec plugins have answered. */
const RELOAD_MS = 10_000;

/** Loads the kubeconfig at once, so that a faulty one fails the start. */
export function createCredentials({ load, timers, timeoutMs }: CredentialsOptions): Credentials {
  let source = { config: load(), at: timers.now(), doubted: false };
  const pools = createPools(timers);
  let known: { readonly access: Access; readonly until: number } | undefined;
  let reading: Promise<Access> | undefined;

  function current(): Promise<Access> {
    if (known !== undefined && timers.now() < known.until) return Promise.resolve(known.access);
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function read(): Promise<Access> {
    if (source.doubted) source = { config: load(), at: timers.now(), doubted: false };
    const options = await readOptions(source.config, timers, timeoutMs);
    const dispatcher = pools.fitting(options, source.config.getCurrentCluster()?.proxyUrl);
    const access = accessOf(source.config, options, dispatcher);
    known = { access, until: timers.now() + REFRESH_MS };
    return access;
  }

  function invalidate(): void {
    known = undefined;
    source = { ...source, doubted: timers.now() - source.at >= RELOAD_MS };
  }

  return { current, invalidate, close: () => pools.close() };
}

/** TLS settings and headers, as client-node finds them now. client-node itself waits for an exec plugin for ever. */
async function readOptions(config: KubeConfig, timers: Timers, timeoutMs: number): Promise<RequestOptions> {
  const options: RequestOptions = {};
  const deadline = startDeadline(timers, timeoutMs);
  try {
    await abortable(config.applyToHTTPSOptions(options), deadline.signal);
    return options;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`credentials of user ${config.getCurrentUser()?.name ?? "(none)"}: ${message}`, { cause: error });
  } finally {
    deadline.end();
  }
}

function accessOf(config: KubeConfig, options: RequestOptions, dispatcher: Dispatcher): Access {
  const url = new URL(config.getCurrentCluster()?.server ?? "");
  return { origin: url.origin, basePath: url.pathname.replace(/\/$/, ""), headers: headersOf(options), dispatcher };
}

function headersOf({ headers, auth }: RequestOptions): Record<string, string> {
  const basic =
    typeof auth === "string" ? [["authorization", `Basic ${Buffer.from(auth).toString("base64")}`] as const] : [];
  // A token file may end with a newline, which is no part of a header.
  const given = Object.entries(headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), String(value).trim()] as const,
  );
  return Object.fromEntries([...basic, ...given]);
}
