import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { overlaps } from "../support/witness/exclusive.ts";
import { revocations } from "../support/witness/irrevocable.ts";
import { useControllers } from "./controller.ts";
import { crashSuite } from "./crash-suite.ts";
import { deletionSuite } from "./deletion-suite.ts";
import { failureSuite } from "./failure-suite.ts";
import { lockRulesSuite } from "./lock-rules-suite.ts";
import { raceSuite } from "./race-suite.ts";
import { successSuite } from "./success-suite.ts";
import { usePlatform } from "./use-platform.ts";

describe("on real Tekton", () => {
  const stage = usePlatform();

  describe("with one controller", () => {
    useControllers(stage, 1);
    successSuite(stage);
    failureSuite(stage);
    deletionSuite(stage);
  });
  describe("with two controllers", () => {
    useControllers(stage, 2);
    raceSuite(stage);
  });
  lockRulesSuite(stage);
  crashSuite(stage);

  describe("in everything that was seen", () => {
    it("no two runs or their pods could act on one target at once", () => {
      assert.deepEqual(overlaps(stage().witness.changes()), []);
    });
    it("no decision was taken back", () => {
      assert.deepEqual(revocations(stage().witness.changes()), []);
    });
  });
});
