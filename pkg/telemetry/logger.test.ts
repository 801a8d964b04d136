import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createLogger, type Logger, type LoggerOptions } from "./logger.ts";

const CANARY = "canary-5e0c8f17";
const DATABASE_URL = `postgresql://audit:${CANARY}@db:5432/audit`;

function collect(options: Partial<LoggerOptions> = {}): { readonly logger: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  const destination = { write: (line: string): unknown => lines.push(line) };
  return { logger: createLogger({ level: "debug", format: "json", destination, ...options }), lines };
}

describe("the logger", () => {
  it("writes one JSON object a line, with the time, the level's name and the base fields", () => {
    const { logger, lines } = collect({ base: { version: "1.2.3" } });
    logger.info({ execution: "ns/a" }, "started");
    assert.match(
      lines.join(""),
      /^\{"level":"info","time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z","version":"1\.2\.3","execution":"ns\/a","msg":"started"\}\n$/,
    );
  });

  it("writes text for people if asked", () => {
    const { logger, lines } = collect({ format: "text", base: { version: "1.2.3" } });
    logger.warn({ execution: "ns/a" }, "waiting");
    assert.match(lines.join(""), /^\S+Z WARN {2}waiting version=1\.2\.3 execution=ns\/a\n$/);
  });

  const levels: readonly (readonly [LoggerOptions["level"], readonly string[]])[] = [
    ["debug", ["debug", "info", "warn", "error"]],
    ["info", ["info", "warn", "error"]],
    ["warn", ["warn", "error"]],
    ["error", ["error"]],
  ];
  for (const [level, written] of levels) {
    it(`writes from ${level} on`, () => {
      const { logger, lines } = collect({ level });
      for (const name of ["debug", "info", "warn", "error"] as const) logger[name](name);
      assert.deepEqual(
        lines.map((line) => (JSON.parse(line) as { msg: string }).msg),
        written,
      );
    });
  }

  it("writes an error with its cause and stack", () => {
    const { logger, lines } = collect();
    logger.error({ err: new Error("outer", { cause: new Error("inner") }) }, "failed");
    const record = JSON.parse(lines.join("")) as { err: { type: string; message: string; stack: string } };
    assert.equal(record.err.type, "Error");
    assert.match(record.err.stack, /outer[^]*caused by: Error: inner/);
  });

  it("survives what JSON can't hold", () => {
    const { logger, lines } = collect();
    const circular: Record<string, unknown> = { big: 1n, nothing: undefined, never: NaN, text: "\ud800" };
    circular["self"] = circular;
    logger.info({ circular }, "odd");
    assert.equal(lines.length, 1);
    assert.equal((JSON.parse(lines.join("")) as { msg: string }).msg, "odd");
  });

  for (const format of ["json", "text"] as const) {
    it(`writes no secret as ${format}, whatever holds it`, () => {
      const { logger, lines } = collect({ format, secrets: [DATABASE_URL], base: { url: DATABASE_URL } });
      const error = Object.assign(new Error(`connect ${DATABASE_URL}`, { cause: new Error(CANARY) }), {
        config: { headers: { authorization: `Bearer ${CANARY}` } },
      });
      logger.info(`the password is ${CANARY}`);
      logger.info("formatted %s %o", DATABASE_URL, { deep: [CANARY] });
      logger.info({ a: { b: { c: [{ password: CANARY }] } }, [CANARY]: 1 }, "fields");
      logger.child({ databaseUrl: DATABASE_URL }).debug("child");
      logger.error(error);
      logger.error({ err: error, request: { headers: { Authorization: `Basic ${CANARY}` } } });
      assert.equal(lines.length, 6);
      assert.doesNotMatch(lines.join(""), new RegExp(CANARY));
      assert.match(lines.join(""), /\[redacted\]/);
    });
  }
});
