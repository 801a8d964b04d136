import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { askedBundle, bundleReference } from "./bundle.ts";

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
