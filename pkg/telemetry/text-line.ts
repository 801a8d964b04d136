/** A log record as pino makes it, after parsing. */
export type LogRecord = Readonly<Record<string, unknown>>;

/**
 * A record as one line for people: time, level, message, then `key=value`. The stack of an error follows, indented.
 * Control characters in a value are escaped: what an object is called must not be able to forge a line.
 */
export function textLine({ time, level, msg, ...rest }: LogRecord): string {
  const { stack, fields } = withoutStack(rest);
  const head = [String(time), String(level).toUpperCase().padEnd(5), escaped(typeof msg === "string" ? msg : "")];
  const tail = Object.entries(fields).map(field);
  return `${[...head, ...tail].join(" ")}${typeof stack === "string" ? indented(stack) : ""}\n`;
}

function withoutStack(fields: LogRecord): { readonly stack?: unknown; readonly fields: LogRecord } {
  const { err, ...others } = fields;
  if (!isRecord(err)) return { fields };
  const { stack, ...error } = err;
  return { stack, fields: { ...others, err: error } };
}

function field([key, value]: readonly [string, unknown]): string {
  const isPlain = typeof value === "string" && /^[\w./:@+-]+$/.test(value);
  return `${escaped(key)}=${isPlain ? value : escaped(JSON.stringify(value))}`;
}

function indented(stack: string): string {
  return stack
    .split("\n")
    .map((line) => `\n    ${escaped(line.trimStart())}`)
    .join("");
}

function escaped(text: string): string {
  return text.replace(/\p{Cc}|\u2028|\u2029/gu, (character) => JSON.stringify(character).slice(1, -1));
}

function isRecord(value: unknown): value is LogRecord {
  return typeof value === "object" && value !== null;
}
