import assert from "node:assert/strict";
import { it } from "node:test";
import type { Request } from "../../pkg/controller/perform.ts";
import type { Result } from "../../pkg/execution/result.ts";
import { nameWrites } from "./crash-point.ts";

it("names what was written, and how often it was before; reads and refused writes are no points", () => {
  const look = { type: "Look", object: "lock", at: { by: "discovery" } } as const;
  const lock = { type: "UpdateLock", lock: { spec: { state: "Bound" } } } as Request;
  const status = { type: "WriteStatus", execution: { status: { phase: "Running", reason: "Running" } } } as Request;
  const accepted: Result = { type: "accepted" };
  const refused: Result = { type: "refused", refusal: { kind: "conflict", message: "" } };
  const taken: readonly (readonly [Request, Result])[] = [
    [look, accepted],
    [lock, refused],
    [lock, accepted],
    [status, accepted],
    [status, accepted],
  ];
  const nameOf = nameWrites();
  assert.deepEqual(
    taken.map(([step, result]) => nameOf(step, result)),
    [undefined, undefined, "UpdateLock Bound", "WriteStatus Running/Running", "WriteStatus Running/Running #2"],
  );
});
