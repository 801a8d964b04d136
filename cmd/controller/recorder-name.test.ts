import assert from "node:assert/strict";
import { hostname } from "node:os";
import { describe, it } from "node:test";
import { recorderName } from "./recorder-name.ts";

describe("the name of a recorder", () => {
  it("is that of its pod and of this life of it", () => {
    assert.match(recorderName("controller-7d9f"), /^controller-7d9f\/[0-9a-f]{8}$/);
  });
  it("differs from life to life", () => {
    assert.notEqual(recorderName("controller-7d9f"), recorderName("controller-7d9f"));
  });
  it("is that of the host where the pod isn't known", () => {
    assert.equal(recorderName().split("/")[0], hostname());
  });
});
