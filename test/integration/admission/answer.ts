import type { Answer } from "./api-client.ts";

/** What is expected of a request that the rules let pass: no refusal. */
export const ACCEPTED: readonly string[] = [];

interface StatusBody {
  readonly message: string;
  readonly details?: { readonly causes?: readonly { readonly field: string; readonly message: string }[] };
}

/** Every reason for which a request was refused, as `field: message`, sorted; nothing where it was accepted. */
export function refusalsOf({ status, body }: Answer): readonly string[] {
  if (status < 300) return ACCEPTED;
  const { message, details } = body as StatusBody;
  if (status !== 422) return [`${String(status)}: ${message}`];
  const causes = (details?.causes ?? []).filter(({ message: text }) => !text.includes(NOT_CHECKED));
  return causes.map((cause) => `${cause.field}: ${cause.message}`).toSorted();
}

/** The body of a request that has to succeed. */
export function bodyOf(answer: Answer): unknown {
  if (answer.status >= 300) throw new Error(`refused with ${String(answer.status)}: ${refusalsOf(answer).join("; ")}`);
  return answer.body;
}

/** A remark, not a reason: an object that doesn't even have the right form is not held against the CEL rules. */
const NOT_CHECKED = "some validation rules were not checked because the object was invalid";
