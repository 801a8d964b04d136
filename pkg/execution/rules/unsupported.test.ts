import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aKindCatalog } from "../../../test/support/builders/a-kind-catalog.ts";
import { aCase, type SnapshotWishes } from "../../../test/support/builders/a-snapshot.ts";
import { aWorkflowExecution, type ExecutionWishes } from "../../../test/support/builders/a-workflow-execution.ts";
import { eventsIn, lookedAt, written } from "../../../test/support/builders/written.ts";
import type { Step } from "../step.ts";
import { unsupported } from "./unsupported.ts";

function decide(wishes: ExecutionWishes, snapshot: SnapshotWishes = {}): Step | undefined {
  return unsupported(aCase({ execution: aWorkflowExecution(wishes), ...snapshot }, { clusterId: "prod-1" }));
}

const REFUSED: Readonly<Record<string, readonly [ExecutionWishes, reason: string, message: RegExp]>> = {
  "asks for another cluster": [{ spec: { clusterID: "prod-2" } }, "UnsupportedCluster", /"prod-2".*"prod-1"/],
  "asks for another engine": [{ workflowRef: { executionEngine: "ansible" } }, "UnsupportedEngine", /"ansible"/],
  "requires a feature that isn't known": [{ spec: { requiredFeatures: ["x"] } }, "UnsupportedFeature", /"x"/],
  "keeps more time for finally than there is": [
    { spec: { executionConfig: { timeout: "1m", finallyTimeout: "1m" } } },
    "ConfigurationError",
    /finallyTimeout: 1m must be less/,
  ],
  "keeps more time for finally than the default": [
    { spec: { executionConfig: { finallyTimeout: "31m" } } },
    "ConfigurationError",
    /finallyTimeout/,
  ],
  "names another object in its parameters": [
    { spec: { parameters: { TARGET_RESOURCE_NAME: "cart", TARGET_RESOURCE_NAMESPACE: "shop" } } },
    "ConfigurationError",
    /NAME: "cart".*"checkout"; .*NAMESPACE: "shop".*"payment"/,
  ],
  "names another kind in its parameters": [
    { spec: { parameters: { TARGET_RESOURCE_KIND: "StatefulSet" } } },
    "ConfigurationError",
    /KIND: "StatefulSet".*"Deployment"/,
  ],
  "names a namespace for a target that has none": [
    { spec: { targetResource: "Node/worker-1", parameters: { TARGET_RESOURCE_NAMESPACE: "shop" } } },
    "ConfigurationError",
    /NAMESPACE/,
  ],
};

const ALLOWED: Readonly<Record<string, ExecutionWishes>> = {
  "asks for this cluster": { spec: { clusterID: "prod-1" } },
  "asks for no cluster": { spec: { clusterID: "" } },
  "asks for Tekton": { workflowRef: { executionEngine: "tekton" } },
  "requires nothing": { spec: { requiredFeatures: [] } },
  "keeps a part of its time for finally": { spec: { executionConfig: { timeout: "2m", finallyTimeout: "1m" } } },
  "names its own target in its parameters": {
    spec: {
      parameters: {
        TARGET_RESOURCE_NAME: "checkout",
        TARGET_RESOURCE_NAMESPACE: "payment",
        TARGET_RESOURCE_KIND: "deploy",
      },
    },
  },
};

describe("an execution", () => {
  for (const [sentence, [wishes, reason, message]] of Object.entries(REFUSED)) {
    it(`that ${sentence} ends as ${reason} before it takes a lock`, () => {
      const step = decide(wishes);
      const { phase, outcome, failureDetails } = written(step);
      assert.deepEqual([phase, outcome, failureDetails?.reason], ["Failed", "Failed", reason]);
      assert.equal(failureDetails?.wasExecutionFailure, false);
      assert.match(failureDetails.message, message);
      assert.deepEqual(eventsIn(step), ["requested", "failed"]);
    });
  }
  for (const [sentence, wishes] of Object.entries(ALLOWED)) {
    it(`that ${sentence} goes on`, () => {
      assert.equal(decide(wishes), undefined);
    });
  }

  const unknown = { spec: { targetResource: "payment/Rollout/checkout" } };
  it("of an unknown kind looks at discovery before it fails", () => {
    assert.equal(lookedAt(decide(unknown)), "kinds");
  });
  it("of a kind that discovery really doesn't have fails", () => {
    const { failureDetails } = written(decide(unknown, { fresh: ["kinds"] }));
    assert.equal(failureDetails?.reason, "ConfigurationError");
    assert.match(failureDetails.message, /spec.targetResource: kind "Rollout"/);
  });
  it("of a kind that partial discovery doesn't have waits", () => {
    const step = decide(unknown, { fresh: ["kinds"], kinds: aKindCatalog([], false) });
    const { phase, reason } = written(step);
    assert.deepEqual([phase, reason], ["Pending", "DiscoveryIncomplete"]);
  });
  it("that has a run already is no matter of this rule", () => {
    const executionRef = { namespace: "n", name: "r", uid: "u" };
    assert.equal(decide({ spec: { clusterID: "prod-2" }, status: { executionRef } }), undefined);
  });
});
