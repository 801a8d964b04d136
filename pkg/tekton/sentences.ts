import { cleanText } from "./clean-text.ts";

const MAX_TEXT_BYTES = 4096;
/** The end of a sentence inside somebody else's words, with the quotes and brackets that close after it. */
const INNER_END = /[.!?]+(["')\]}]*)(?=\s)/g;
const LAST_END = /[.!?;:,\s]+(["')\]}]*)$/;

/** Sentences as one text; empty ones are left out. */
export function sentences(parts: readonly string[]): string {
  const said = parts.map((part) => part.trim()).filter((part) => part !== "");
  return cleanText(said.map((part) => `${part}.`).join(" "), MAX_TEXT_BYTES);
}

/**
 * Somebody else's words as a part of one sentence: secrets removed, on one line, no longer than that many bytes, and
 * without full stops that would end the sentence.
 */
export function asPart(words: string, maxBytes: number): string {
  return cleanText(words, maxBytes).replace(/\s+/g, " ").replace(INNER_END, "$1;").replace(LAST_END, "$1").trim();
}
