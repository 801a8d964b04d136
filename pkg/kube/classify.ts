import type { ApiErrorFacts, ApiErrorKind } from "../runtime/api-error.ts";
import type { RequestTarget } from "./api-request.ts";
import type { KubeStatus } from "./kube-status.ts";

/** An answer that is not a success. */
export interface RefusedAnswer {
  /** HTTP status. */
  readonly code: number;
  /** Absent where the body was no Kubernetes Status: then a proxy, or a path that isn't served, spoke. */
  readonly status?: KubeStatus;
  readonly retryAfterMs?: number;
}

type Rule = (target: RequestTarget, answer: RefusedAnswer) => ApiErrorKind;

/**
 * What an answer means (design.md section 2). Whatever is not listed is `unknown`: an execution is never failed by an
 * answer that we don't understand.
 */
const rules: ReadonlyMap<number, Rule> = new Map<number, Rule>([
  [400, refused],
  [403, notAllowed],
  [404, notThere],
  [409, clashed],
  [410, () => "expired"],
  [413, () => "rejected"],
  [422, refused],
  [500, broken],
]);

/** Classifies an answer of the API server that is not a success. */
export function classifyAnswer(target: RequestTarget, answer: RefusedAnswer): ApiErrorFacts {
  const reason = answer.status?.reason;
  return {
    kind: rules.get(answer.code)?.(target, answer) ?? "unknown",
    code: answer.code,
    ...(reason === undefined || reason === "" ? {} : { reason }),
    ...(answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs }),
  };
}

/** No (complete) answer came: the request may or may not have been executed. */
export const NO_ANSWER: ApiErrorFacts = { kind: "unknown", code: 0 };

/**
 * Only a Status that names the object says that the object is gone. A missing kind answers in plain text; taking that
 * for a deleted run would fail every execution while Tekton's CRDs are away.
 */
function notThere(target: RequestTarget, { status }: RefusedAnswer): ApiErrorKind {
  if (target.verb === "create" || target.name === undefined) return "missing";
  const plural = target.resource.split("/", 1)[0];
  return status?.details?.name === target.name && status.details.kind === plural ? "notFound" : "missing";
}

function clashed(_target: RequestTarget, { status }: RefusedAnswer): ApiErrorKind {
  return status?.reason === "AlreadyExists" ? "exists" : "conflict";
}

const QUOTA = /exceeded quota|status unknown for quota|insufficient quota/;

/** 403: by far not only RBAC says so. */
function notAllowed(_target: RequestTarget, answer: RefusedAnswer): ApiErrorKind {
  const message = messageOf(answer);
  // Admission of a server that has just started.
  if (message.includes("not yet ready to handle request")) return "unknown";
  if (message.includes("custom resource definition is terminating")) return "missing";
  return QUOTA.test(message) || isNamespaceTerminating(answer) ? "quota" : "forbidden";
}

function isNamespaceTerminating(answer: RefusedAnswer): boolean {
  const causes = answer.status?.details?.causes ?? [];
  return (
    causes.some(({ reason }) => reason === "NamespaceTerminating") || /is being terminated/.test(messageOf(answer))
  );
}

/** 400 and 422. Without a Status it wasn't the API server that refused. */
function refused(target: RequestTarget, answer: RefusedAnswer): ApiErrorKind {
  if (answer.status === undefined) return "unknown";
  return target.verb !== "create" && hasMovedOn(answer) ? "conflict" : "rejected";
}

/** Said by Tekton's webhook of a run that has gone further than we knew (tekton.md section 1). */
const RUN_MOVED_ON = /Once the \w+ (is complete|has started)/;

/** A JSON patch that didn't apply (a test failed, a path is gone), another uid, or a run that is over. */
function hasMovedOn(answer: RefusedAnswer): boolean {
  return isInapplicablePatch(answer) || isOtherUid(answer) || RUN_MOVED_ON.test(messageOf(answer));
}

/** Its Status names no object, as it does for one that would become invalid; a webhook's may not, but says who denied. */
function isInapplicablePatch(answer: RefusedAnswer): boolean {
  const nameless = answer.code === 422 && answer.status?.details?.name === undefined;
  return nameless && !messageOf(answer).includes("denied the request");
}

function isOtherUid({ status }: RefusedAnswer): boolean {
  return status?.details?.causes?.some(({ field }) => field === "metadata.uid") ?? false;
}

const TOO_LARGE = /request is too large|trying to send message larger than max/;

function broken(target: RequestTarget, answer: RefusedAnswer): ApiErrorKind {
  const message = messageOf(answer);
  if (isRead(target) || message.includes("failed calling webhook")) return "unknown";
  return TOO_LARGE.test(message) ? "rejected" : "unknown";
}

function isRead({ verb }: RequestTarget): boolean {
  return verb === "get" || verb === "list" || verb === "watch";
}

function messageOf({ status }: RefusedAnswer): string {
  return status?.message ?? "";
}
