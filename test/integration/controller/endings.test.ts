import { describe } from "node:test";
import { testCancels, testLonelyCancels } from "./cancel-suite.ts";
import { useController } from "./context.ts";
import { testDeadlines } from "./deadline-suite.ts";
import { STUCK_AFTER, testProgress } from "./progress-suite.ts";
import { KEEP_FOR, testRetention, testRetentionWithoutAudit } from "./retention-suite.ts";

/** How runs are stopped, what is told of them on the way, and how long they are kept. */
const context = useController({
  stuckAfter: STUCK_AFTER,
  retention: { completedRuns: { keepFor: KEEP_FOR } },
});

// They wait for half a minute of Tekton's time: side by side it is only one half minute for all.
describe("side by side", { concurrency: true }, () => {
  testDeadlines(context);
  testCancels(context);
  testProgress(context);
  testRetention(context);
});
describe("one after the other", () => {
  testLonelyCancels(context);
  testRetentionWithoutAudit(context);
});
