import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { textLine, type LogRecord } from "./text-line.ts";

const TIME = "2025-01-02T03:04:05.678Z";

describe("a line for people", () => {
  const cases: readonly (readonly [string, LogRecord, string])[] = [
    ["has time, level and message", { time: TIME, level: "info", msg: "started" }, `${TIME} INFO  started\n`],
    ["may have no message", { time: TIME, level: "warn" }, `${TIME} WARN  \n`],
    [
      "has its fields in their order",
      { time: TIME, level: "debug", msg: "m", execution: "ns/a", seconds: 1.5, done: true },
      `${TIME} DEBUG m execution=ns/a seconds=1.5 done=true\n`,
    ],
    [
      "quotes what isn't one plain word",
      { time: TIME, level: "info", msg: "m", a: "b c", d: "", e: 'f"g', h: ["i"], j: { k: null } },
      `${TIME} INFO  m a="b c" d="" e="f\\"g" h=["i"] j={"k":null}\n`,
    ],
    [
      "is one line, whatever a name contains",
      { time: TIME, level: "info", msg: "a\nb\u2028c", d: "e\r\n\u001b[31m", "f\ng": 1 },
      `${TIME} INFO  a\\nb\u2028c d="e\\r\\n\\u001b[31m" f\\ng=1\n`,
    ],
    [
      "has the stack of an error below it, indented",
      { time: TIME, level: "error", msg: "m", err: { type: "Error", message: "x", stack: "Error: x\n    at y\u0007" } },
      `${TIME} ERROR m err={"type":"Error","message":"x"}\n    Error: x\n    at y\\u0007\n`,
    ],
    ["shows an error that is only text", { time: TIME, level: "error", msg: "m", err: "x" }, `${TIME} ERROR m err=x\n`],
  ];
  for (const [sentence, record, line] of cases) {
    it(sentence, () => {
      assert.equal(textLine(record), line);
    });
  }
});
