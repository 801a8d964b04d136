import type { Clock } from "../runtime/clock.ts";
import { realTimers } from "../runtime/timers.ts";
import type { ApiRequest } from "./api-request.ts";
import { createCredentials } from "./credentials.ts";
import { type Deadline, startDeadline } from "./deadline.ts";
import { loadKubeConfig } from "./kube-config.ts";
import { readBody } from "./read-body.ts";
import { answerError, noAnswerError } from "./request-error.ts";
import { type Answer, headerOf, isSuccess, type RequestRecord, send, type Wire } from "./send.ts";
import { createServerClock } from "./server-clock.ts";
import { createTokenBucket, type Rate, type RateLimiter } from "./token-bucket.ts";

export interface ConnectionOptions {
  /** Of every request that says nothing else, in milliseconds. */
  readonly timeoutMs: number;
  readonly rate: Rate;
  /** One or more paths, as in KUBECONFIG; without it the default places are looked at (kube-config.ts). */
  readonly kubeconfig?: string;
  /** For metrics; must not throw. */
  readonly onRequest?: (record: RequestRecord) => void;
}

/** The API server, over one pool of connections. */
export interface Connection {
  /** The API server's time; throws before its first answer. */
  readonly clock: Clock;
  /** Sends one request and gives the answer's JSON. Throws ApiError. Nothing is ever sent a second time. */
  request<T>(request: ApiRequest): Promise<T>;
  /**
   * Opens a stream. `timeoutMs` counts until its headers, then `lifetimeMs` until its end. Throws ApiError, also while
   * it is iterated. Leaving the iteration, or aborting, frees its connection.
   */
  stream(request: ApiRequest, lifetimeMs: number): Promise<AsyncIterable<Uint8Array>>;
  /** Closes every connection; requests under way fail. */
  close(): Promise<void>;
}

interface Link {
  readonly wire: Wire;
  readonly limiter: RateLimiter;
  readonly timeoutMs: number;
}

/** Reads the kubeconfig (Error where it is of no use); connects with the first request. */
export function createConnection(options: ConnectionOptions): Connection {
  const { timeoutMs, rate, kubeconfig, onRequest } = options;
  const timers = realTimers;
  const clock = createServerClock(timers);
  const credentials = createCredentials({ load: () => loadKubeConfig(kubeconfig), timers, timeoutMs });
  const wire: Wire = { credentials, clock, timers, onRequest: (record) => onRequest?.(record) };
  const link: Link = { wire, limiter: createTokenBucket(rate, timers), timeoutMs };
  return {
    clock,
    request: (request) => ask(link, request),
    stream: (request, lifetimeMs) => openStream(link, request, lifetimeMs),
    close: () => credentials.close(),
  };
}

async function ask<T>(link: Link, request: ApiRequest): Promise<T> {
  const deadline = await admit(link, request);
  try {
    const answer = await send(link.wire, request, deadline.signal);
    if (!isSuccess(answer)) throw await errorOf(request, answer);
    return JSON.parse(await readBody(answer.body)) as T;
  } catch (error) {
    throw noAnswerError(request, error);
  } finally {
    deadline.end();
  }
}

async function openStream(link: Link, request: ApiRequest, lifetimeMs: number): Promise<AsyncIterable<Uint8Array>> {
  const deadline = await admit(link, request);
  try {
    const answer = await send(link.wire, request, deadline.signal);
    if (!isSuccess(answer)) throw await errorOf(request, answer);
    deadline.restart(lifetimeMs);
    return chunksOf(request, answer, deadline);
  } catch (error) {
    deadline.end();
    throw noAnswerError(request, error);
  }
}

async function* chunksOf(request: ApiRequest, answer: Answer, deadline: Deadline): AsyncGenerator<Uint8Array> {
  try {
    yield* answer.body as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw noAnswerError(request, error);
  } finally {
    deadline.end();
  }
}

/** Waits for the rate limit; only then does the request's time begin. */
async function admit(link: Link, request: ApiRequest): Promise<Deadline> {
  try {
    await link.limiter.take(request.signal);
  } catch (error) {
    throw noAnswerError(request, error);
  }
  return startDeadline(link.wire.timers, request.timeoutMs ?? link.timeoutMs, request.signal);
}

async function errorOf(request: ApiRequest, answer: Answer): Promise<Error> {
  const [retryAfter, date] = [headerOf(answer, "retry-after"), headerOf(answer, "date")];
  const headers = { ...(retryAfter === undefined ? {} : { retryAfter }), ...(date === undefined ? {} : { date }) };
  return answerError(request, { code: answer.statusCode, headers, text: await readBody(answer.body) });
}
