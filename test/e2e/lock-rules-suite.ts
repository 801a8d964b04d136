import { describe } from "node:test";
import { backoffSuite } from "./backoff-suite.ts";
import { blockSuite } from "./block-suite.ts";
import { useControllers } from "./controller.ts";
import { cooldownSuite, survivalSuite } from "./cooldown-suite.ts";
import { heldTargetSuite } from "./held-target-suite.ts";
import type { Stage } from "./platform.ts";

/** Times that a test can wait for, and long enough for what has to happen within them on a busy machine. */
const SETTINGS = {
  cooldownPeriod: "10s",
  backoff: { base: "10s", max: "10s", maxConsecutiveFailures: 2 },
};

/** The rules on top of the target lock: who is skipped, who waits, and what only a person can clear (lock.md section 4). */
export function lockRulesSuite(stage: Stage): void {
  describe("the rules of the target lock", () => {
    survivalSuite(stage);
    describe("with short times", () => {
      useControllers(stage, 1, SETTINGS);
      heldTargetSuite(stage);
      cooldownSuite(stage);
      backoffSuite(stage);
      blockSuite(stage);
    });
  });
}
