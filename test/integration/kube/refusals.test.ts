import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { selfSubjectAccessReview } from "../../../pkg/kube/access.ts";
import { createClusterApi } from "../../../pkg/kube/cluster-api.ts";
import type { ResourceType } from "../../../pkg/kube/resource-path.ts";
import { createResource } from "../../../pkg/kube/resource.ts";
import { ApiError, type ApiErrorKind } from "../../../pkg/runtime/api-error.ts";
import { waitFor } from "../../cluster/wait.ts";
import { NAMESPACE, useCluster } from "./cluster-context.ts";
import { expectError } from "./expect-error.ts";
import { type ConfigMap, configMaps, type Widget, widgetCrd, widgets } from "./widget.ts";

const nothing: ResourceType = { group: "no.such", version: "v1", plural: "things", kind: "Thing", namespaced: true };
const secrets: ResourceType = { group: "", version: "v1", plural: "secrets", kind: "Secret", namespaced: true };
const question = { verb: "create", group: "kube.test", resource: "widgets", namespace: NAMESPACE };

const context = useCluster();

function create(namespace: string, name: string, spec: Widget["spec"] = { size: 1 }): Promise<Widget> {
  return createResource<Widget>(context.connection(), widgets).create({ metadata: { namespace, name }, spec });
}

void describe("the API server refuses", () => {
  it("a namespace that isn't there: it may come", async () => {
    await expectError(create("nowhere", "a"), "missing", 404);
  });

  it("a kind that it doesn't serve, whatever is asked of it", async () => {
    const api = createResource(context.connection(), nothing);
    const ref = { namespace: NAMESPACE, name: "a" };
    await expectError(api.create({ metadata: ref }), "missing", 404);
    await expectError(api.get(ref), "missing", 404);
    await expectError(api.list({ labelSelector: "a=b" }), "missing", 404);
    await expectError(api.delete(ref, { uid: "u" }), "missing", 404);
  });

  it("creations of a kind that is being removed", async () => {
    await context.kubectl(["apply", "-f", "-"], JSON.stringify(partingCrd));
    await context.kubectl(["wait", "crd/partings.kube.test", "--for=condition=Established", "--timeout=60s"]);
    const api = createResource(context.connection(), { ...widgets, plural: "partings", kind: "Parting" });
    const ref = { namespace: NAMESPACE, name: "keep" };
    const { metadata } = await api.create({ metadata: { ...ref, finalizers: ["kube.test/keep"] } });
    await context.kubectl(["delete", "crd", "partings.kube.test", "--wait=false"]);
    await waitForRefusal("the kind's end", (i) => api.create({ metadata: { ...ref, name: `p-${String(i)}` } }));
    const error = await expectError(api.create({ metadata: { ...ref, name: "late" } }), "missing", 403);
    assert.match(error.message, /create not allowed while custom resource definition is terminating/);
    await api.jsonPatch(metadata, [{ op: "remove", path: "/metadata/finalizers" }]);
  });

  it("a field that the schema doesn't know", async () => {
    const odd = { size: 1, colour: "red" };
    const error = await expectError(create(NAMESPACE, "odd", odd), "rejected", 400);
    assert.match(error.message, /unknown field "spec.colour"/);
  });

  it("an invalid object", async () => {
    await expectError(create(NAMESPACE, "invalid", { size: 1.5 }), "rejected", 422);
    await expectError(create(NAMESPACE, "Not A Name"), "rejected", 422);
  });

  for (const mebibytes of [1.7, 2.5, 4]) {
    it(`an object of ${String(mebibytes)} MiB, for good`, async () => {
      const padding = "x".repeat(mebibytes * 1024 * 1024);
      await expectError(create(NAMESPACE, "large", { size: 1, padding }), "rejected");
    });
  }

  it("what RBAC doesn't allow, and a review says so", async (t) => {
    const connection = context.connect("powerless");
    t.after(() => connection.close());
    const api = createResource<Widget>(connection, widgets);
    const error = await expectError(
      api.create({ metadata: { namespace: NAMESPACE, name: "a" }, spec: { size: 1 } }),
      "forbidden",
      403,
    );
    assert.match(error.message, /User "system:serviceaccount:kube-test:powerless" cannot create resource "widgets"/);
    assert.equal(await selfSubjectAccessReview(connection, question), false);
    assert.equal(await selfSubjectAccessReview(context.connection(), question), true);
    const maps = createResource<ConfigMap>(connection, configMaps);
    assert.deepEqual(await maps.list({ namespace: NAMESPACE, labelSelector: "none=such" }), []);
  });

  it("what a quota doesn't allow: there may be room later", async () => {
    await context.kubectl(["create", "namespace", "full"]);
    await context.kubectl(["create", "quota", "few", "--hard=count/secrets=1", "--namespace=full"]);
    // Until the quota controller has counted, the answer is "status unknown for quota".
    const used = ["get", "quota", "few", "--namespace=full", "-o", "jsonpath={.status.used.*}"];
    await waitFor("the quota's count", 30_000, async () => (await context.kubectl(used)) === "0");
    const api = createResource(context.connection(), secrets);
    await api.create({ metadata: { namespace: "full", name: "first" } });
    const error = await expectError(api.create({ metadata: { namespace: "full", name: "second" } }), "quota", 403);
    assert.match(error.message, /exceeded quota: few/);
  });

  it("a namespace that is going", async () => {
    await context.kubectl(["create", "namespace", "going"]);
    const keep = {
      metadata: { namespace: "going", name: "keep", finalizers: ["kube.test/keep"] },
      spec: { size: 1 },
    };
    await createResource<Widget>(context.connection(), widgets).create(keep);
    await context.kubectl(["delete", "namespace", "going", "--wait=false"]);
    await waitForRefusal("the namespace's end", (i) => create("going", `w-${String(i)}`));
    const error = await expectError(create("going", "late"), "quota", 403);
    assert.match(error.message, /because it is being terminated/);
    await context.kubectl([
      "patch",
      "widget",
      "keep",
      "--namespace=going",
      "--type=merge",
      "-p",
      '{"metadata":{"finalizers":null}}',
    ]);
  });

  const logs: Readonly<Record<string, readonly [spec: object | undefined, kind: ApiErrorKind, code: number]>> = {
    "of a pod that isn't there": [undefined, "notFound", 404],
    // Nobody has taken it: for the server its log is empty.
    "of a pod that is another one of that name": [{}, "conflict", 409],
    "of a pod whose node is gone": [{ nodeName: "gone" }, "missing", 404],
  };
  for (const [n, [sentence, [spec, kind, code]]] of Object.entries(logs).entries()) {
    it(`a log ${sentence}`, async () => {
      const name = `silent-${String(n)}`;
      const metadata = { namespace: NAMESPACE, name };
      const containers = [{ name: "step-patch", image: "registry.example.com/step:1" }];
      const pod = { apiVersion: "v1", kind: "Pod", metadata, spec: { ...spec, containers } };
      if (spec !== undefined) await context.kubectl(["create", "-f", "-"], JSON.stringify(pod));
      const log = createClusterApi(context.connection()).readLog({ ...metadata, uid: "u" }, "step-patch");
      await expectError(log, kind, code);
    });
  }

  it("an unknown user", async (t) => {
    const connection = context.connect("stranger");
    t.after(() => connection.close());
    const maps = createResource<ConfigMap>(connection, configMaps);
    await expectError(maps.get({ namespace: NAMESPACE, name: "a" }), "unknown", 401);
  });

  it("what a webhook that is down should have looked at: it may be up later", async () => {
    await context.kubectl(["apply", "-f", "-"], JSON.stringify(deadWebhook));
    await waitForRefusal("the webhook's configuration", (i) => create(NAMESPACE, `hooked-${String(i)}`));
    const error = await expectError(create(NAMESPACE, "hooked"), "unknown", 500);
    assert.match(error.message, /failed calling webhook/);
    await context.kubectl(["delete", "validatingwebhookconfiguration", "dead"]);
    await waitFor("the webhook's end", 10_000, async () => (await outcomeOf(create(NAMESPACE, "unhooked"))) !== 500);
  });
});

/** Creates under ever new names until it is refused: admission takes a moment to hear of a new rule. */
async function waitForRefusal(what: string, attempt: (i: number) => Promise<unknown>): Promise<void> {
  let i = 0;
  await waitFor(what, 10_000, async () => (await outcomeOf(attempt((i += 1)))) !== 201);
}

async function outcomeOf(work: Promise<unknown>): Promise<number> {
  try {
    await work;
    return 201;
  } catch (error) {
    if (error instanceof ApiError) return error.facts.code;
    throw error;
  }
}

const partingCrd = {
  ...widgetCrd,
  metadata: { name: "partings.kube.test" },
  spec: {
    ...widgetCrd.spec,
    names: { kind: "Parting", listKind: "PartingList", plural: "partings", singular: "parting" },
    versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
  },
};

const deadWebhook = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingWebhookConfiguration",
  metadata: { name: "dead" },
  webhooks: [
    {
      name: "dead.kube.test",
      admissionReviewVersions: ["v1"],
      sideEffects: "None",
      failurePolicy: "Fail",
      timeoutSeconds: 2,
      // Nobody listens on the discard port.
      clientConfig: { url: "https://127.0.0.1:9/" },
      rules: [{ apiGroups: ["kube.test"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["widgets"] }],
    },
  ],
};
