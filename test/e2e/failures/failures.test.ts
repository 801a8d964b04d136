import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { overlaps } from "../../support/witness/exclusive.ts";
import { revocations } from "../../support/witness/irrevocable.ts";
import { usePlatform } from "../use-platform.ts";
import { killSuite } from "./kill-suite.ts";
import { apiServerSuite, matrixSuite, type Matrix } from "./matrix-suite.ts";
import { rateSuite } from "./rate-suite.ts";
import { useWorld } from "./use-world.ts";

describe("the fault matrix on real Tekton", () => {
  const stage = usePlatform();
  const matrix: Matrix = { stage, world: useWorld(stage), outcomes: [] };

  matrixSuite(matrix);
  killSuite(matrix);
  describe("in everything that was seen", () => {
    it("no two runs or their pods could act on one target at once", () => {
      assert.deepEqual(overlaps(stage().witness.changes()), []);
    });
    it("no decision was taken back", () => {
      assert.deepEqual(revocations(stage().witness.changes()), []);
    });
  });
  apiServerSuite(matrix);
  rateSuite(matrix.outcomes);
});
