import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ApiError } from "./api-error.ts";
import { retryAfterMs } from "./retry-after.ts";

describe("retryAfterMs", () => {
  const cases: Record<string, { error: unknown; ms: number }> = {
    "is what the server asked for": {
      error: new ApiError("busy", { kind: "unknown", code: 429, retryAfterMs: 2000 }),
      ms: 2000,
    },
    "is 0 where the server asked for nothing": { error: new ApiError("down", { kind: "unknown", code: 503 }), ms: 0 },
    "is 0 for an error that isn't the server's": { error: new TypeError("bug"), ms: 0 },
    "is never longer than 5 minutes": {
      error: new ApiError("busy", { kind: "unknown", code: 503, retryAfterMs: 86_400_000 }),
      ms: 300_000,
    },
  };
  for (const [name, { error, ms }] of Object.entries(cases)) {
    it(name, () => {
      assert.equal(retryAfterMs(error), ms);
    });
  }
});
