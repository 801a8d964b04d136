import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPolicy } from "../../test/support/builders/a-snapshot.ts";
import { aWorkflowExecution, type ExecutionWishes } from "../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../test/support/builders/moments.ts";
import { startDeadline } from "./start-deadline.ts";

describe("the latest moment of a start", () => {
  const cases: Readonly<Record<string, readonly [ExecutionWishes, seconds: number]>> = {
    "is the configured delay after the creation": [{}, 300],
    "is the execution's own delay": [{ spec: { executionConfig: { maxDelay: "30s" } } }, 30],
    "is timesOutAt where that is earlier": [{ spec: { timesOutAt: timeAfter(20) } }, 20],
    "is the delay where that is earlier": [{ spec: { timesOutAt: timeAfter(900) } }, 300],
    "is timesOutAt where that is earlier than the own delay": [
      { spec: { timesOutAt: timeAfter(20), executionConfig: { maxDelay: "30s" } } },
      20,
    ],
    "is the configured delay where the own one isn't a duration": [
      { spec: { executionConfig: { maxDelay: "soon" } } },
      300,
    ],
  };
  for (const [sentence, [wishes, seconds]] of Object.entries(cases)) {
    it(sentence, () => {
      assert.equal(startDeadline(aWorkflowExecution(wishes), aPolicy()), after(seconds));
    });
  }
});
