import { Client, Pool } from "pg";
import type { ClientConfig } from "pg";

const connectTimeoutMs = 5_000;

export interface PoolOptions {
  readonly url: string;
  /** Called when a connection that nobody uses breaks, as all do when the server stops. The pool opens another. */
  readonly onIdleError: (error: Error) => void;
  /** Called with every new connection: behind it may be another server than before. */
  readonly onConnect?: () => void;
}

/**
 * A few connections to PostgreSQL, opened when they are needed and again after they broke. Nothing waits for ever: not
 * for a connection, a statement, a lock, nor for a server that has become silent.
 *
 * @throws Error where the URL is none; the message doesn't repeat it, since it holds the password
 */
export function createPool({ url, onIdleError, onConnect }: PoolOptions): Pool {
  const pool = new Pool({
    ...connection(url),
    max: 4,
    idleTimeoutMillis: 30_000,
    statement_timeout: 15_000,
    lock_timeout: 10_000,
    // Longer than the server's own limit: only a silent server is given up from this side.
    query_timeout: 20_000,
  });
  // Without a listener, the error of an idle connection would end the process.
  pool.on("error", onIdleError);
  if (onConnect !== undefined) pool.on("connect", onConnect);
  return pool;
}

/** One connection for migrations, which may wait for another replica's and take long themselves. */
export function migrationClient(url: string): Client {
  const client = new Client({ ...connection(url), query_timeout: 600_000 });
  // A connection that breaks between two statements is reported by the next one.
  client.on("error", () => undefined);
  return client;
}

/** Where a URL leads, for logs: host, port and database, without user and password. */
export function describeDatabase(url: string): string {
  const { host, port, database } = clientOf(url);
  return `${host}:${String(port)}/${database ?? ""}`;
}

function connection(url: string): ClientConfig {
  clientOf(url);
  return {
    connectionString: url,
    application_name: "workflow-execution-controller",
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
}

/** Reads a URL as pg will, so that a bad one is found now and by a message that doesn't repeat it. */
function clientOf(url: string): Client {
  if (!/^(postgres(ql)?|socket):/.test(url)) throw unusableUrl("it has another scheme");
  try {
    return new Client({ connectionString: url });
  } catch (error) {
    // Never its message: that may repeat the URL.
    throw unusableUrl(error instanceof Error && "code" in error ? String(error.code) : "it can't be read");
  }
}

function unusableUrl(why: string): Error {
  return new Error(`the database URL is none like postgres://user:password@host:port/database (${why})`);
}
