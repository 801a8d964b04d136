import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { runName } from "./run-name.ts";

describe("a run's name", () => {
  it("never changes for an execution, or a restart would make a second run", () => {
    assert.equal(
      runName({ name: "restart-checkout", uid: "uid-of-restart-checkout" }),
      "restart-checkout-a3d98c92b86a67de",
    );
  });
  it("begins with the execution's name, as far as it goes", () => {
    assert.match(
      runName({ name: "restart-the-checkout-of-the-shop", uid: "u" }),
      /^restart-the-checkout-[0-9a-f]{16}$/,
    );
  });
  it("has no dash or dot where the name was cut", () => {
    assert.match(runName({ name: "restart-the-checkou-of", uid: "u" }), /^restart-the-checkou-[0-9a-f]{16}$/);
    assert.match(runName({ name: "restart.the.checkou.-of", uid: "u" }), /^restart.the.checkou-[0-9a-f]{16}$/);
  });
  it("is another one for another execution of the same name", () => {
    assert.notEqual(runName({ name: "a", uid: "u1" }), runName({ name: "a", uid: "u2" }));
  });
  it("is always one that Kubernetes takes, with room for what Tekton adds", () => {
    const name = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?)?$/);
    fc.assert(
      fc.property(name, fc.uuid(), (given, uid) => {
        const made = runName({ name: given, uid });
        assert.match(made, /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
        assert.ok(made.length <= 37);
      }),
    );
  });
});
