import { toTimestamp } from "../../../pkg/api/time.ts";
import { ApiError, type ApiErrorKind } from "../../../pkg/runtime/api-error.ts";
import type { Clock } from "../../../pkg/runtime/clock.ts";

/** One request that the fake API server got. */
export interface FakeRequest {
  readonly verb: "get" | "list" | "create" | "update" | "patch" | "delete";
  /** As RBAC names it: `targetlocks`, `workflowexecutions/status`. */
  readonly resource: string;
  readonly name: string;
}

const CODES: Readonly<Partial<Record<ApiErrorKind, number>>> = { notFound: 404, conflict: 409, exists: 409 };

/** What all resources of the fake API server share: the clock, versions and uids, and the list of requests. */
export class FakeServer {
  readonly clock: Clock;
  readonly requests: FakeRequest[] = [];
  /** What this answers is refused instead of being done. */
  refuse: (request: FakeRequest) => ApiError | undefined = () => undefined;
  #version = 1000;
  #uids = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Notes a request; throws where it is to be refused. */
  receive(request: FakeRequest): void {
    this.requests.push(request);
    const refusal = this.refuse(request);
    if (refusal !== undefined) throw refusal;
  }

  nextVersion(): string {
    return String((this.#version += 1));
  }

  /** The version of the newest change of any object. */
  version(): string {
    return String(this.#version);
  }

  nextUid(): string {
    return `uid-${String((this.#uids += 1))}`;
  }

  now(): string {
    return toTimestamp(this.clock.now());
  }
}

/** An answer of the API server that refuses a request. */
export function anApiError(kind: ApiErrorKind, message: string = kind): ApiError {
  return new ApiError(message, { kind, code: CODES[kind] ?? 500 });
}
