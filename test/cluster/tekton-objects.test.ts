import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { collectionOf } from "./api-server.ts";
import type { KubernetesObject } from "./api-server.ts";
import { selectTektonObjects } from "./tekton-objects.ts";

function anObject(kind: string, fields: Readonly<Record<string, unknown>> = {}): KubernetesObject {
  return { apiVersion: "v1", kind, metadata: { name: kind.toLowerCase() }, ...fields };
}

const clientConfig = { service: { name: "tekton-pipelines-webhook", namespace: "tekton-pipelines" } };
const files = {
  "500-webhooks.yaml": [anObject("Hook", { webhooks: [{ clientConfig }] })],
  "controller.yaml": [anObject("Deployment")],
  "webhook.yaml": [anObject("Service")],
  "300-crds/300-task.yaml": [anObject("Crd", { spec: { conversion: { webhook: { clientConfig } } } })],
  "100-namespace/100-namespace.yaml": [anObject("Namespace")],
  "resolvers/resolvers-deployment.yaml": [anObject("ResolversDeployment")],
  "resolvers/config-logging.yaml": [anObject("ResolversConfig")],
};

describe("selectTektonObjects", () => {
  const objects = selectTektonObjects(files, 4711);

  it("leaves out what would run Tekton in the cluster, and begins with namespaces", () => {
    assert.deepEqual(
      objects.map(({ kind }) => kind),
      ["Namespace", "Crd", "ResolversConfig", "Hook", "Service"],
    );
  });
  it("points admission at the webhook's port", () => {
    assert.match(JSON.stringify(objects.find(({ kind }) => kind === "Hook")), /"port":4711/);
  });
  it("points conversions at the webhook's port", () => {
    assert.match(JSON.stringify(objects.find(({ kind }) => kind === "Crd")), /"port":4711/);
  });
  it("makes the webhook's Service a name of this host", () => {
    assert.deepEqual(objects.at(-1)?.["spec"], { type: "ExternalName", externalName: "localhost" });
  });
});

describe("collectionOf", () => {
  const cases: readonly (readonly [KubernetesObject, string])[] = [
    [anObject("Namespace"), "/api/v1/namespaces"],
    [anObject("Secret", { metadata: { name: "s", namespace: "n" } }), "/api/v1/namespaces/n/secrets"],
    [
      anObject("ClusterRole", { apiVersion: "rbac.authorization.k8s.io/v1" }),
      "/apis/rbac.authorization.k8s.io/v1/clusterroles",
    ],
  ];
  for (const [object, path] of cases) {
    it(`of a ${object.kind} is ${path}`, () => {
      assert.equal(collectionOf(object), path);
    });
  }
});
