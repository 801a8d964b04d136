import { ANNOTATION_CLEAR_BLOCK, ANNOTATION_CLEARED_BY } from "../../../pkg/api/labels.ts";

/** A change of annotations; null removes one. */
export type AnnotationChange = Readonly<Record<string, string | null>>;

/** Annotations that the clearer of blocks has set before, then a change by somebody, and what must be said about that. */
export interface AskCase {
  readonly before?: readonly AnnotationChange[];
  /** Who sends it; the clearer of blocks unless told otherwise. */
  readonly as?: string;
  readonly change: AnnotationChange;
  /** Undefined where it must be accepted. */
  readonly refusal?: string;
}

/** Both annotations. */
export function ask(value: string | null, by: string | null): AnnotationChange {
  return { [ANNOTATION_CLEAR_BLOCK]: value, [ANNOTATION_CLEARED_BY]: by };
}

/** One of them. */
export function askOnly(value: string | null): AnnotationChange {
  return { [ANNOTATION_CLEAR_BLOCK]: value };
}
export function nameOnly(by: string | null): AnnotationChange {
  return { [ANNOTATION_CLEARED_BY]: by };
}

/** What is said where the name is not the user's. */
export function mustBeNamed(user: string): string {
  return `422: metadata.annotations[kubernaut.ai/cleared-by] must be "${user}", the user who asks for the block to be lifted: it goes on record. Set it in the same request as kubernaut.ai/clear-execution-block`;
}

/** What is said where the name is changed without what it belongs to. */
export const NOT_ON_ITS_OWN =
  "422: metadata.annotations[kubernaut.ai/cleared-by] can't be set, changed or removed on its own: it says who asked for what stands in kubernaut.ai/clear-execution-block. Set both in one request, with another reason where something was asked before, or remove both";

/** What is said where the reason can't be recorded as it is. */
export const NO_CONTROL_CHARACTERS =
  "422: metadata.annotations[kubernaut.ai/clear-execution-block] must not contain control characters other than tabs and line breaks";

/** What is said where the user's name can't be recorded. */
export const NAME_TOO_LONG = "422: metadata.annotations[kubernaut.ai/cleared-by] must have at most 1024 characters";
