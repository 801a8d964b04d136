import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { apiVersionOf, collectionPath, objectPath, type ResourceType } from "./resource-path.ts";

const pods: ResourceType = { group: "", version: "v1", plural: "pods", kind: "Pod", namespaced: true };
const runs: ResourceType = {
  group: "tekton.dev",
  version: "v1",
  plural: "pipelineruns",
  kind: "PipelineRun",
  namespaced: true,
};
const locks: ResourceType = {
  group: "kubernaut.ai",
  version: "v1alpha1",
  plural: "targetlocks",
  kind: "TargetLock",
  namespaced: false,
};

void describe("the path of", () => {
  const paths: Readonly<Record<string, readonly [string, string]>> = {
    "all pods": [collectionPath(pods), "/api/v1/pods"],
    "the pods of a namespace": [collectionPath(pods, "ns"), "/api/v1/namespaces/ns/pods"],
    "a run": [objectPath(runs, { namespace: "ns", name: "a" }), "/apis/tekton.dev/v1/namespaces/ns/pipelineruns/a"],
    "a run's status": [
      objectPath(runs, { namespace: "ns", name: "a" }, "status"),
      "/apis/tekton.dev/v1/namespaces/ns/pipelineruns/a/status",
    ],
    "a cluster-scoped object, whatever namespace is told": [
      objectPath(locks, { namespace: "ns", name: "target-0" }),
      "/apis/kubernaut.ai/v1alpha1/targetlocks/target-0",
    ],
    "an object with an odd name": [
      objectPath(locks, { name: "a?b c" }),
      "/apis/kubernaut.ai/v1alpha1/targetlocks/a%3Fb%20c",
    ],
  };
  for (const [sentence, [path, expected]] of Object.entries(paths)) {
    it(`${sentence} is ${expected}`, () => {
      assert.equal(path, expected);
    });
  }

  for (const name of ["", ".", "..", "a/b", "a%2fb"]) {
    it(`an object named ${JSON.stringify(name)} is refused: it would be something else`, () => {
      assert.throws(() => objectPath(locks, { name }), TypeError);
      assert.throws(() => objectPath(pods, { namespace: name, name: "x" }), TypeError);
    });
  }

  it("a namespaced object without its namespace is refused", () => {
    assert.throws(() => objectPath(pods, { name: "x" }), /pods x: it has no namespace/);
  });
});

void describe("apiVersion", () => {
  it("of the core group is the version alone", () => {
    assert.equal(apiVersionOf(pods), "v1");
    assert.equal(apiVersionOf(runs), "tekton.dev/v1");
  });
});
