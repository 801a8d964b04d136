import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../test/support/builders/a-pipeline-run.ts";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import { askedBundle, bundleOfRun, bundleReference } from "./bundle.ts";

const D1 = `sha256:${"1".repeat(64)}`;
const workflow = { workflowId: "w", version: "1" };

describe("the bundle that an execution asks for", () => {
  const cases: Readonly<
    Record<string, readonly [image: string, repository: string, digest: string | undefined, reference: string]>
  > = {
    "a tag": ["registry.example/w:1.2", "registry.example/w", undefined, "registry.example/w:1.2"],
    "a digest": [`registry.example/w@${D1}`, "registry.example/w", D1, `registry.example/w@${D1}`],
    both: [`registry.example/w:1.2@${D1}`, "registry.example/w", D1, `registry.example/w@${D1}`],
    "a port and a tag": [
      "registry.example:5000/w:1.2",
      "registry.example:5000/w",
      undefined,
      "registry.example:5000/w:1.2",
    ],
    "a port and no tag": ["registry.example:5000/w", "registry.example:5000/w", undefined, "registry.example:5000/w"],
    "a port, a tag and a digest": [`r:5000/w:1@${D1}`, "r:5000/w", D1, `r:5000/w@${D1}`],
  };
  for (const [sentence, [image, repository, digest, reference]] of Object.entries(cases)) {
    it(`by ${sentence} is pinned as far as it can be`, () => {
      const asked = askedBundle({ ...workflow, containerImage: image });
      assert.deepEqual(asked, digest === undefined ? { image, repository } : { image, repository, digest });
      assert.equal(bundleReference(asked), reference);
    });
  }
  it("is pinned by the digest that stands beside it", () => {
    const asked = askedBundle({ ...workflow, containerImage: "r/w:1", containerDigest: D1 });
    assert.equal(bundleReference(asked), `r/w@${D1}`);
  });
  it("may be named as newer orchestrators do", () => {
    const asked = askedBundle({ ...workflow, executionBundle: "r/w:1", executionBundleDigest: D1 });
    assert.deepEqual(asked, { image: "r/w:1", repository: "r/w", digest: D1 });
  });
});

describe("the bundle of a run", () => {
  const D2 = `sha256:${"2".repeat(64)}`;
  function ofRun(bundle: string, found?: string): unknown {
    const pipelineRef = { resolver: "bundles", params: [{ name: "bundle", value: bundle }] };
    const status = found === undefined ? {} : { provenance: { refSource: { digest: { sha256: found } } } };
    return bundleOfRun(aPipelineRun(aWorkflowExecution(), "failed", { spec: { pipelineRef }, status }));
  }
  it("is what the resolver was asked for", () => {
    assert.deepEqual(ofRun(`r:5000/w@${D1}`), { repository: "r:5000/w", digest: D1 });
    assert.deepEqual(ofRun("r:5000/w:1"), { repository: "r:5000/w" });
  });
  it("has the digest that Tekton has found", () => {
    assert.deepEqual(ofRun("r:5000/w:1", "2".repeat(64)), { repository: "r:5000/w", digest: D2 });
  });
  it("isn't known of a run that names none", () => {
    assert.equal(bundleOfRun(aPipelineRun(aWorkflowExecution(), "failed")), undefined);
  });
});
