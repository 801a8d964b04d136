import { plainText, startHttpServer, type HttpAnswer, type HttpServer, type ListenOptions } from "./http-server.ts";

/** One thing that must be so before the controller counts as ready. */
export interface ReadinessCheck {
  /** Shown to anybody who asks: `caches-synced`. */
  readonly name: string;
  /** True, or in a few words why not. Must answer at once, from memory. Shown to anybody: no secrets, no addresses. */
  readonly check: () => true | string;
}

export interface HealthServerOptions extends ListenOptions {
  readonly readiness: readonly ReadinessCheck[];
}

interface CheckResult {
  readonly name: string;
  readonly ready: boolean;
  readonly reason?: string;
}

/**
 * Serves, without authentication (api.md section 5):
 * - `/health`, `/healthz`: 200 as long as the process answers at all. Asks nothing else: an outage of the API server or of
 *   PostgreSQL must not become a restart loop.
 * - `/ready`, `/readyz`: 200 when every check passes, else 503 with the names of those that don't.
 * With `?verbose` the answer is JSON, with the result of every check.
 */
export function startHealthServer(options: HealthServerOptions): Promise<HttpServer> {
  return startHttpServer({
    ...options,
    name: "the health server",
    answer: ({ path, query }) => answer(path, query.has("verbose"), options),
  });
}

function answer(path: string, verbose: boolean, options: HealthServerOptions): HttpAnswer | undefined {
  switch (path) {
    case "/health":
    case "/healthz":
      return verbose
        ? json(200, { status: "alive", uptimeSeconds: Math.floor(process.uptime()) })
        : plainText(200, "ok");
    case "/ready":
    case "/readyz":
      return readiness(runChecks(options), verbose);
    default:
      return undefined;
  }
}

function readiness(checks: readonly CheckResult[], verbose: boolean): HttpAnswer {
  const failing = checks.filter(({ ready }) => !ready).map(({ name }) => name);
  const status = failing.length === 0 ? 200 : 503;
  if (verbose) return json(status, { status: failing.length === 0 ? "ready" : "not ready", checks });
  return plainText(status, failing.length === 0 ? "ok" : `not ready: ${failing.join(", ")}`);
}

function runChecks({ readiness: checks, onError }: HealthServerOptions): readonly CheckResult[] {
  return checks.map(({ name, check }) => {
    const result = answerOf(check, onError);
    return result === true ? { name, ready: true } : { name, ready: false, reason: result };
  });
}

/** A check that breaks is one that fails. What broke is for the log, not for whoever asks. */
function answerOf(check: ReadinessCheck["check"], onError: ListenOptions["onError"]): true | string {
  try {
    return check();
  } catch (error) {
    onError?.(error instanceof Error ? error : new Error(String(error)));
    return "the check itself failed";
  }
}

function json(status: number, body: unknown): HttpAnswer {
  return { status, contentType: "application/json", body: `${JSON.stringify(body)}\n` };
}
