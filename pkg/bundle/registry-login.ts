import type { Challenge } from "./auth-challenge.ts";
import type { Credentials } from "./docker-config.ts";
import { exchange, RegistryError, unexpected } from "./http-exchange.ts";
import type { Answer } from "./http-exchange.ts";
import { isLoopback } from "./registry-address.ts";

/** What is needed to answer a registry's challenge. */
export interface Login {
  readonly registry: string;
  /** What the token has to allow, as `repository:NAME:pull,push`. */
  readonly scope: string;
  readonly credentials: Credentials | undefined;
  /** Whether credentials may go over the connection to the registry. */
  readonly mayLogIn: boolean;
  /** Whether the user chose plain http. */
  readonly plainHttp: boolean;
  readonly timeoutMs: number;
}

export const noCredentials =
  "no credentials for it in docker's config.json: docker login writes them, credential helpers are not asked";

/**
 * The Authorization header that answers a challenge: Basic, or a Bearer token that is fetched from where the challenge
 * points (the distribution project's token authentication).
 *
 * @throws RegistryError
 */
export async function logIn(login: Login, challenge: Challenge | undefined): Promise<string> {
  const { registry, credentials } = login;
  if (challenge === undefined) throw new RegistryError(`${registry} wants a login that is neither Bearer nor Basic`);
  if (credentials !== undefined && !login.mayLogIn) {
    throw new RegistryError(`${registry} wants a login over plain http: say --plain-http if that is meant`);
  }
  const basic = credentials === undefined ? undefined : basicOf(credentials);
  if (challenge.scheme === "bearer") return `Bearer ${await fetchToken(login, challenge, basic)}`;
  if (basic === undefined) throw new RegistryError(`${registry} wants a login (${noCredentials})`);
  return basic;
}

type BearerChallenge = Challenge & { readonly scheme: "bearer" };

async function fetchToken(login: Login, challenge: BearerChallenge, basic: string | undefined): Promise<string> {
  const headers = basic === undefined ? {} : { authorization: basic };
  const request = { method: "GET", url: tokenUrl(login, challenge), headers, timeoutMs: login.timeoutMs } as const;
  const answer = await exchange(request);
  if (answer.status !== 200) {
    const reason = basic === undefined ? noCredentials : "with the credentials of docker's config.json";
    throw new RegistryError(`${unexpected(request, answer).message} (${login.registry}: ${reason})`);
  }
  return tokenIn(answer, login.registry);
}

/** The credentials go there: it has to be https, or this machine, or what the user chose. */
function tokenUrl(login: Login, challenge: BearerChallenge): URL {
  const url = URL.parse(challenge.realm);
  const clear = url?.protocol === "http:" && (login.plainHttp || isLoopback(url.host));
  if (url === null || !(url.protocol === "https:" || clear)) {
    throw new RegistryError(`${login.registry} names ${challenge.realm} for the login: that is no https address`);
  }
  if (challenge.service !== undefined) url.searchParams.set("service", challenge.service);
  url.searchParams.set("scope", login.scope);
  return url;
}

/** `token` in docker's words, `access_token` in those of OAuth 2. */
function tokenIn(answer: Answer, registry: string): string {
  const body = parse(answer.text);
  const token = body?.token ?? body?.access_token;
  if (typeof token === "string" && token !== "") return token;
  throw new RegistryError(`the login of ${registry} answered without a token`);
}

function parse(text: string): { token?: unknown; access_token?: unknown } | null {
  try {
    return JSON.parse(text) as { token?: unknown; access_token?: unknown } | null;
  } catch {
    return null;
  }
}

function basicOf({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
