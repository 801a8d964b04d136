/**
 * What an answer of the API server means to a caller. One place classifies (kube), one place decides (absorb).
 *
 * - `notFound`: 404 of an object that was known to exist: the world moved.
 * - `conflict`: 409 Conflict, 422 on a tested patch or a wrong uid: the world moved.
 * - `exists`: 409 AlreadyExists on create.
 * - `missing`: 404 on create: the namespace or the kind itself isn't there (yet).
 * - `forbidden`: 403 by RBAC: whether our installation is broken is for SelfSubjectAccessReview to say.
 * - `quota`: 403 by a ResourceQuota, or the namespace is terminating: retriable until the deadline.
 * - `rejected`: 400, 422 on create, 413, request too large for etcd: this request will never be accepted.
 * - `expired`: 410: the resourceVersion or continue token is too old.
 * - `unknown`: timeout, reset, 429, 5xx, webhook down: the outcome is unknown or it may work later.
 */
export type ApiErrorKind =
  "notFound" | "conflict" | "exists" | "missing" | "forbidden" | "quota" | "rejected" | "expired" | "unknown";

export interface ApiErrorFacts {
  readonly kind: ApiErrorKind;
  /** HTTP status, 0 where no answer came. */
  readonly code: number;
  /** `reason` of the Kubernetes Status, where there was one. */
  readonly reason?: string;
  /** From Retry-After, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** An API request that didn't succeed. The message says what was tried, on what, and what came back. */
export class ApiError extends Error {
  readonly facts: ApiErrorFacts;

  constructor(message: string, facts: ApiErrorFacts, options?: ErrorOptions) {
    super(message, options);
    this.name = "ApiError";
    this.facts = facts;
  }
}
