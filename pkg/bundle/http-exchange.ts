/** A request that a registry did not answer, or not as it should. The message says what was tried and what came back. */
export class RegistryError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "RegistryError";
  }
}

export interface Exchange {
  readonly method: "GET" | "HEAD" | "POST" | "PUT";
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** For the request and its whole answer. */
  readonly timeoutMs: number;
}

/** An answer that has been read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly url: string;
  readonly text: string;
}

/** Sends one request and reads the whole answer, whatever its status. */
export async function exchange(request: Exchange): Promise<Answer> {
  const { method, url, headers = {}, body, timeoutMs } = request;
  try {
    const response = await fetch(url, {
      method,
      headers,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: Buffer.from(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, url: response.url, text };
  } catch (error) {
    throw new RegistryError(`${describe(request)}: ${reasonOf(error, timeoutMs)}`, { cause: error });
  }
}

/** An answer with a status that nobody can go on from. */
export function unexpected(request: Pick<Exchange, "method" | "url">, answer: Answer): RegistryError {
  return new RegistryError(`${describe(request)}: ${String(answer.status)} ${errorsIn(answer.text)}`.trimEnd());
}

/** Upload addresses may carry a signature in their query: it is not shown. */
function describe({ method, url }: Pick<Exchange, "method" | "url">): string {
  return `${method} ${url.origin}${url.pathname}`;
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${String(timeoutMs / 1000)} s`;
  // fetch only says "fetch failed": what happened is in the cause.
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}

/** `CODE: message` of each entry of the distribution specification's error body, else the beginning of the text. */
function errorsIn(text: string): string {
  try {
    const body = JSON.parse(text) as { errors?: { code?: unknown; message?: unknown }[] };
    const errors = (body.errors ?? []).map(({ code, message }) => `${String(code)}: ${String(message)}`);
    if (errors.length > 0) return errors.join("; ").slice(0, 500);
  } catch {
    // Not JSON: a proxy's page, or nothing.
  }
  return text.slice(0, 200).replaceAll(/\s+/g, " ");
}
