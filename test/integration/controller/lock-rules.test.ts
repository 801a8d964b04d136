import { useController } from "./context.ts";
import { testBackoff } from "./backoff-suite.ts";
import { testBlocks } from "./block-suite.ts";
import { testQueue } from "./queue-suite.ts";

/** The rules on top of the lock (lock.md section 4), with waiting times that a test can wait for. */
const context = useController({
  cooldownPeriod: "6s",
  backoff: { base: "8s", max: "8s", maxConsecutiveFailures: 2 },
});

testBackoff(context);
testBlocks(context);
testQueue(context);
