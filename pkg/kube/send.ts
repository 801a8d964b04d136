import type { Dispatcher } from "undici";
import type { Timers } from "../runtime/timers.ts";
import { type ApiRequest, methodOf, type RequestTarget } from "./api-request.ts";
import type { Access, Credentials } from "./credentials.ts";
import type { ServerClock } from "./server-clock.ts";

/** One request as metrics see it. */
export interface RequestRecord extends Pick<RequestTarget, "verb" | "resource"> {
  /** HTTP status, 0 where no answer came. */
  readonly code: number;
  /** From sending to the answer's headers. */
  readonly seconds: number;
}

/** What sending a request needs, and who learns from its answer. */
export interface Wire {
  readonly credentials: Credentials;
  readonly clock: ServerClock;
  readonly timers: Timers;
  readonly onRequest: (record: RequestRecord) => void;
}

/** An answer whose headers have come. Its body must be read or destroyed. */
export type Answer = Pick<Dispatcher.ResponseData, "statusCode" | "headers" | "body">;

/** The field manager of what we write is the part before a slash: all of it. */
const USER_AGENT = "workflow-execution-controller";

/**
 * Sends one request, once, and waits for the headers of its answer. Rejects with whatever went wrong below HTTP, or with
 * the signal's reason.
 */
export async function send(wire: Wire, request: ApiRequest, signal: AbortSignal): Promise<Answer> {
  const access = await wire.credentials.current();
  const sentAt = wire.timers.now();
  let code = 0;
  try {
    const answer = await access.dispatcher.request(optionsOf(access, request, signal));
    code = answer.statusCode;
    learn(wire, answer, sentAt);
    return answer;
  } finally {
    const seconds = (wire.timers.now() - sentAt) / 1000;
    wire.onRequest({ verb: request.verb, resource: request.resource, code, seconds });
  }
}

export function isSuccess({ statusCode }: Answer): boolean {
  return statusCode >= 200 && statusCode < 300;
}

/** A header of the answer; the first value where it came several times. */
export function headerOf({ headers }: Answer, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function optionsOf(access: Access, request: ApiRequest, signal: AbortSignal): Dispatcher.RequestOptions {
  const query = request.query === undefined ? "" : `?${new URLSearchParams(request.query).toString()}`;
  return {
    origin: access.origin,
    path: `${access.basePath}${request.path}${query}`,
    method: methodOf(request.verb),
    headers: {
      "user-agent": USER_AGENT,
      accept: request.accept ?? "application/json",
      ...(request.body === undefined ? {} : { "content-type": request.contentType ?? "application/json" }),
      ...access.headers,
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    signal,
  };
}

function learn(wire: Wire, answer: Answer, sentAt: number): void {
  if (answer.statusCode === 401) wire.credentials.invalidate();
  const date = Date.parse(headerOf(answer, "date") ?? "");
  // Only API servers number their answers for the audit log; a load balancer's error page has the balancer's time.
  if (Number.isNaN(date) || headerOf(answer, "audit-id") === undefined) return;
  wire.clock.observe({ date, sentAt, receivedAt: wire.timers.now() });
}
