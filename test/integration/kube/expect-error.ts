import assert from "node:assert/strict";
import { ApiError, type ApiErrorKind } from "../../../pkg/runtime/api-error.ts";

/** Waits for the ApiError with which that fails, and checks what it means. */
export async function expectError(work: Promise<unknown>, kind: ApiErrorKind, code?: number): Promise<ApiError> {
  const error: unknown = await work.then(
    (value) => new Error(`it succeeded: ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ApiError, String(error));
  assert.equal(error.facts.kind, kind, error.message);
  if (code !== undefined) assert.equal(error.facts.code, code, error.message);
  return error;
}
