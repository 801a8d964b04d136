import { parseChallenge } from "./auth-challenge.ts";
import type { Credentials } from "./docker-config.ts";
import { exchange, RegistryError, unexpected } from "./http-exchange.ts";
import type { Answer, Exchange } from "./http-exchange.ts";
import { apiHostOf, isLoopback, schemesFor } from "./registry-address.ts";
import { logIn, noCredentials } from "./registry-login.ts";
import type { Login } from "./registry-login.ts";

const probeTimeoutMs = 5_000;

export interface RegistryOptions {
  /** Talk plain http, and send credentials that way too. */
  readonly plainHttp?: boolean;
  readonly credentials?: Credentials;
  /** For each request; 30 s by default. */
  readonly timeoutMs?: number;
}

export interface RegistryRequest {
  readonly method: Exchange["method"];
  /** Absolute, or relative to the registry's address. */
  readonly url: string;
  readonly contentType?: string;
  readonly body?: Uint8Array;
  /** The statuses to go on from; others are a RegistryError. */
  readonly expect: readonly number[];
}

export interface RegistrySession {
  readonly send: (request: RegistryRequest) => Promise<Answer>;
}

/**
 * Opens a conversation about one repository. It authenticates when the registry first asks for it (401) and once more
 * for a request whose token has run out in between.
 */
export async function openSession(
  registry: string,
  repository: string,
  options: RegistryOptions = {},
): Promise<RegistrySession> {
  const { plainHttp = false, credentials, timeoutMs = 30_000 } = options;
  const base = await findBase(registry, plainHttp);
  const mayLogIn = base.protocol === "https:" || plainHttp || isLoopback(registry);
  const scope = `repository:${repository}:pull,push`;
  const login: Login = { registry, scope, credentials, mayLogIn, plainHttp, timeoutMs };
  let authorization: string | undefined;

  async function attempt(request: RegistryRequest): Promise<Answer> {
    const url = new URL(request.url, base);
    const headers: Record<string, string> = {};
    if (request.contentType !== undefined) headers["content-type"] = request.contentType;
    // An upload may lead to a storage service: our credentials are none of its business.
    if (authorization !== undefined && url.origin === base.origin) headers["authorization"] = authorization;
    const body = request.body === undefined ? {} : { body: request.body };
    return exchange({ method: request.method, url, headers, timeoutMs, ...body });
  }

  async function send(request: RegistryRequest): Promise<Answer> {
    let answer = await attempt(request);
    if (answer.status === 401) {
      authorization = await logIn(login, parseChallenge(answer.headers.get("www-authenticate") ?? ""));
      answer = await attempt(request);
    }
    if (request.expect.includes(answer.status)) return answer;
    const failure = unexpected({ method: request.method, url: new URL(request.url, base) }, answer);
    const refused = credentials === undefined && (answer.status === 401 || answer.status === 403);
    throw refused ? new RegistryError(`${failure.message} (${noCredentials})`) : failure;
  }
  return { send };
}

/** The address of the registry: with a choice of schemes, the first one that answers like a registry. */
async function findBase(registry: string, plainHttp: boolean): Promise<URL> {
  const bases = schemesFor(registry, plainHttp).map((scheme) => new URL(`${scheme}://${apiHostOf(registry)}`));
  const [only] = bases;
  if (bases.length === 1 && only !== undefined) return only;
  const failures: string[] = [];
  for (const base of bases) {
    const request = { method: "GET", url: new URL("/v2/", base), timeoutMs: probeTimeoutMs } as const;
    try {
      const answer = await exchange(request);
      if ([200, 401, 403, 404].includes(answer.status)) return base;
      failures.push(unexpected(request, answer).message);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new RegistryError(failures.join("; "));
}
