import { ApiError } from "../runtime/api-error.ts";
import { describeTarget, type RequestTarget } from "./api-request.ts";
import { classifyAnswer, NO_ANSWER } from "./classify.ts";
import { parseStatus } from "./kube-status.ts";
import { retryAfterMs, type RetryHeaders } from "./retry-after.ts";

/** Longest part of an answer that enters a message: validation errors can repeat whole objects. */
const MESSAGE_LIMIT = 2_000;

/** An answer that is not a success, as it came. */
export interface RawAnswer {
  readonly code: number;
  readonly headers: RetryHeaders;
  readonly text: string;
}

/** The error of an answer that is not a success: `create pods ns/x: 403 Forbidden: exceeded quota …`. */
export function answerError(target: RequestTarget, answer: RawAnswer): ApiError {
  const status = parseStatus(answer.text);
  const wait = retryAfterMs(answer.headers, status);
  const facts = classifyAnswer(target, {
    code: answer.code,
    ...(status === undefined ? {} : { status }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
  const said = shorten(status === undefined ? answer.text : (status.message ?? ""));
  return new ApiError(`${describeTarget(target)}: ${codeText(facts.code, facts.reason)}${said}`, facts);
}

/**
 * The error of a request to which no complete answer came: timeout, reset, abort, no credentials, nonsense in place of
 * JSON. An ApiError stays what it is.
 */
export function noAnswerError(target: RequestTarget, cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause;
  return new ApiError(`${describeTarget(target)}: no usable answer: ${describeCause(cause)}`, NO_ANSWER, { cause });
}

function codeText(code: number, reason: string | undefined): string {
  return reason === undefined ? `${String(code)} ` : `${String(code)} ${reason}: `;
}

function shorten(text: string): string {
  const line = text.trim();
  return line.length <= MESSAGE_LIMIT ? line : `${line.slice(0, MESSAGE_LIMIT)}…`;
}

/** Node's network errors say little in `message` and much in `code` (an AggregateError has no message at all). */
function describeCause(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  const parts = [cause.message, cause.message.includes(code) ? "" : code].filter((part) => part !== "");
  return parts.length === 0 ? cause.name : parts.join(" ");
}
