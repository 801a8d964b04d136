import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ApiError } from "../runtime/api-error.ts";
import type { RequestTarget } from "./api-request.ts";
import { answerError, noAnswerError } from "./request-error.ts";

const target: RequestTarget = { verb: "create", resource: "pods", namespace: "ns", name: "x" };

void describe("the error of an answer", () => {
  it("says what was tried, on what, and what came back", () => {
    const text = JSON.stringify({ kind: "Status", reason: "AlreadyExists", message: 'pods "x" already exists' });
    const error = answerError(target, { code: 409, headers: {}, text });
    assert.equal(error.message, 'create pods ns/x: 409 AlreadyExists: pods "x" already exists');
    assert.deepEqual(error.facts, { kind: "exists", code: 409, reason: "AlreadyExists" });
  });

  it("quotes plain text", () => {
    const error = answerError(
      { verb: "list", resource: "taskruns" },
      { code: 404, headers: {}, text: "404 page not found\n" },
    );
    assert.equal(error.message, "list taskruns: 404 404 page not found");
    assert.deepEqual(error.facts, { kind: "missing", code: 404 });
  });

  it("doesn't repeat whole objects", () => {
    const error = answerError(target, { code: 502, headers: {}, text: "x".repeat(100_000) });
    assert.ok(error.message.length < 2_100);
  });

  const waits = {
    "in seconds": { headers: { retryAfter: "7" }, status: {}, expected: 7000 },
    "as a date, on the server's own clock": {
      headers: { retryAfter: "Tue, 01 Jan 2030 00:00:30 GMT", date: "Tue, 01 Jan 2030 00:00:10 GMT" },
      status: {},
      expected: 20_000,
    },
    "as a date that has passed": {
      headers: { retryAfter: "Tue, 01 Jan 2030 00:00:00 GMT", date: "Tue, 01 Jan 2030 00:00:10 GMT" },
      status: {},
      expected: 0,
    },
    "as a date without a clock to compare it with": {
      headers: { retryAfter: "Tue, 01 Jan 2030 00:00:00 GMT" },
      status: {},
      expected: undefined,
    },
    "in the Status": { headers: {}, status: { details: { retryAfterSeconds: 2 } }, expected: 2000 },
    "in both: the header counts": {
      headers: { retryAfter: "1" },
      status: { details: { retryAfterSeconds: 2 } },
      expected: 1000,
    },
    nowhere: { headers: {}, status: {}, expected: undefined },
  };
  for (const [sentence, { headers, status, expected }] of Object.entries(waits)) {
    it(`carries the time to wait that came ${sentence}`, () => {
      const text = JSON.stringify({ kind: "Status", ...status });
      assert.equal(answerError(target, { code: 429, headers, text }).facts.retryAfterMs, expected);
    });
  }
});

void describe("the error of a request without an answer", () => {
  const refused = new AggregateError([], "");
  const causes = {
    "an error's message": { cause: new Error("other side closed"), expected: "other side closed" },
    "an error's code": {
      cause: Object.assign(new Error("read failed"), { code: "ECONNRESET" }),
      expected: "read failed ECONNRESET",
    },
    "the code where there is no message": {
      cause: Object.assign(refused, { code: "ECONNREFUSED" }),
      expected: "ECONNREFUSED",
    },
    "the name where there is nothing else": { cause: new RangeError(""), expected: "RangeError" },
    "anything else": { cause: "gone", expected: "gone" },
  };
  for (const [sentence, { cause, expected }] of Object.entries(causes)) {
    it(`says ${sentence}`, () => {
      const error = noAnswerError(target, cause);
      assert.equal(error.message, `create pods ns/x: no usable answer: ${expected}`);
      assert.deepEqual(error.facts, { kind: "unknown", code: 0 });
      assert.equal(error.cause, cause);
    });
  }

  it("is the ApiError that it was", () => {
    const error = new ApiError("x", { kind: "conflict", code: 409 });
    assert.equal(noAnswerError(target, error), error);
  });
});
