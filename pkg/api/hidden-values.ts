/** Values that must not be seen, taken out of texts that somebody else has written: messages, logs, reasons. */
import { HIDDEN } from "./redact.ts";

/** A shorter value is also a common word or number, and would be taken out of the middle of others. */
const SHORTEST = 8;

/** A single line of a longer value is often an ordinary one ("metadata:"). */
const SHORTEST_LINE = 16;

/** What of the parameters of an execution may be seen. */
export interface Seeable {
  /** Names of parameters. */
  readonly shown: readonly string[];
  /** A text that is seen anyway, the target's name: a value that repeats a part of it is no secret. */
  readonly known: string;
}

/**
 * What to look for in texts: every value of at least 8 characters of a parameter that isn't shown, each of its lines of
 * at least 16, as they are, escaped as in JSON and as in a URL. The longest first: a part must not break up the whole.
 */
export function hiddenValues(
  parameters: Readonly<Record<string, string>> | undefined,
  { shown, known }: Seeable,
): readonly string[] {
  const all = Object.entries(parameters ?? {});
  const seen = [known, ...all.filter(([name]) => shown.includes(name)).map(([, value]) => value)];
  const secret = all.filter(([name]) => !shown.includes(name)).flatMap(([, value]) => piecesOf(value));
  const words = secret.filter((value) => !isSeen(value, seen)).flatMap(spellingsOf);
  return [...new Set(words)].toSorted((a, b) => b.length - a.length);
}

/**
 * The text without these values, also where it is cut in the middle of one: at least 8 characters of its end where the
 * text begins, or of its beginning where the text ends.
 */
export function withoutValues(text: string, values: readonly string[]): string {
  const whole = values.reduce((rest, value) => rest.replaceAll(value, HIDDEN), text);
  return values.reduce((rest, value) => withoutCutEnd(withoutCutStart(rest, value), value), whole);
}

function piecesOf(value: string): readonly string[] {
  const lines = value.split(/[\r\n]+/).map((line) => line.trim());
  const whole = value.trim();
  return [
    ...(whole.length < SHORTEST ? [] : [whole]),
    ...(lines.length < 2 ? [] : lines.filter((line) => line.length >= SHORTEST_LINE)),
  ];
}

/** Also what is a part of our own mark: it would be taken out of that one again and again. */
function isSeen(value: string, seen: readonly string[]): boolean {
  return [HIDDEN, ...seen].some((text) => text.toLowerCase().includes(value.toLowerCase()));
}

function spellingsOf(value: string): readonly string[] {
  return [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value.toWellFormed())];
}

function withoutCutStart(text: string, value: string): string {
  const head = text.slice(0, SHORTEST);
  if (head.length < SHORTEST) return text;
  for (let at = value.indexOf(head, 1); at >= 0; at = value.indexOf(head, at + 1)) {
    const end = value.slice(at);
    if (text.startsWith(end)) return HIDDEN + text.slice(end.length);
  }
  return text;
}

function withoutCutEnd(text: string, value: string): string {
  const mark = ["…", "..."].find((sign) => text.endsWith(sign)) ?? "";
  const body = text.slice(0, text.length - mark.length);
  const tail = body.slice(-SHORTEST);
  if (tail.length < SHORTEST) return text;
  const last = value.length - SHORTEST - 1;
  for (let at = last < 0 ? -1 : value.lastIndexOf(tail, last); at >= 0; at = previous(value, tail, at)) {
    const beginning = value.slice(0, at + SHORTEST);
    if (body.endsWith(beginning)) return body.slice(0, -beginning.length) + HIDDEN + mark;
  }
  return text;
}

/** Where a part stands in a value before that place; -1 where it doesn't. lastIndexOf takes -1 for 0. */
function previous(value: string, part: string, at: number): number {
  return at === 0 ? -1 : value.lastIndexOf(part, at - 1);
}
