import { redact } from "../api/redact.ts";
import { clip, clipStart } from "./clip.ts";

/** Longest message, fact or log tail in a status: 4 KiB. */
export const MAX_MESSAGE_BYTES = 4096;

/** Much more than is ever shown: no time is spent on the rest. */
const MAX_INPUT_BYTES = 32 * 1024;

/** A text of somebody else, fit for a status, an event or a log: secrets removed, no longer than that many bytes. */
export function cleanText(text: string, maxBytes: number = MAX_MESSAGE_BYTES): string {
  return clip(redact(clip(text, MAX_INPUT_BYTES)).trim(), maxBytes);
}

/** Whether a text stays whole, but for its secrets: JSON that is cut can't be read any more. */
export function isShortEnough(text: string): boolean {
  const whole = redact(text);
  return clip(whole, MAX_MESSAGE_BYTES) === whole;
}

/** A log, fit for the same: what is too long loses its beginning. */
export function cleanLog(log: string): string {
  return clipStart(redact(clipStart(log, MAX_INPUT_BYTES)).trim(), MAX_MESSAGE_BYTES);
}
