import { destination as fileDestination, pino, stdTimeFunctions, type Logger as PinoLogger } from "pino";
import { createRedactor, type Redactor } from "./redact.ts";
import { textLine, type LogRecord } from "./text-line.ts";

export type Logger = PinoLogger;

export interface LoggerOptions {
  readonly level: "debug" | "info" | "warn" | "error";
  /** One JSON object a line, or text for people. */
  readonly format: "json" | "text";
  /** Fields of every line, such as version and pod. */
  readonly base?: Readonly<Record<string, string>>;
  /** Values that must appear in no line: pass DATABASE_URL. */
  readonly secrets?: readonly string[];
  /** Standard output where none is given. */
  readonly destination?: LogDestination;
}

interface LogDestination {
  write(line: string): void;
}

/**
 * The logger of a process. Lines are written at once, so that the last ones before an exit aren't lost, and secrets are
 * taken out of each as a whole (redact.ts). Errors belong under the key `err`.
 */
export function createLogger(options: LoggerOptions): Logger {
  const redactor = createRedactor(options.secrets ?? []);
  const format = options.format === "text" ? textLine : jsonLine;
  return pino(
    {
      level: options.level,
      base: options.base ?? {},
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: (line) => rewritten(line, redactor, format) },
    },
    options.destination ?? fileDestination({ dest: 1, sync: true }),
  );
}

function jsonLine(record: LogRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** Never throws, and never lets an unread line pass: whoever logs must neither fail by it nor leak. */
function rewritten(line: string, redactor: Redactor, format: (record: LogRecord) => string): string {
  try {
    return format(redactor(JSON.parse(line)) as LogRecord);
  } catch {
    return format({
      time: new Date().toISOString(),
      level: "error",
      msg: "a log line could not be read and was dropped",
    });
  }
}
