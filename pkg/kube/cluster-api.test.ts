import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { connectScripted } from "./testing/scripted-connection.ts";
import { createClusterApi } from "./cluster-api.ts";

const paths = {
  executions: "/apis/kubernaut.ai/v1alpha1/namespaces/ns/workflowexecutions/x",
  locks: "/apis/kubernaut.ai/v1alpha1/targetlocks/x",
  runs: "/apis/tekton.dev/v1/namespaces/ns/pipelineruns/x",
  taskRuns: "/apis/tekton.dev/v1/namespaces/ns/taskruns/x",
  customRuns: "/apis/tekton.dev/v1beta1/namespaces/ns/customruns/x",
  pods: "/api/v1/namespaces/ns/pods/x",
} as const;

void describe("the cluster's", () => {
  for (const [kind, path] of Object.entries(paths) as readonly [keyof typeof paths, string][]) {
    it(`${kind} are at ${path}`, async (t) => {
      const { server, connection } = await connectScripted(t, () => ({ json: { metadata: { name: "x" } } }));
      await createClusterApi(connection)[kind].get({ namespace: "ns", name: "x" });
      assert.equal(server.calls[0]?.path, path);
    });
  }

  it("kinds are discovered", async (t) => {
    const { connection } = await connectScripted(t, () => ({ json: { kind: "APIGroupDiscoveryList", items: [] } }));
    assert.deepEqual(await createClusterApi(connection).discoverKinds(), { kinds: [], complete: true });
  });

  for (const allowed of [true, false, undefined]) {
    it(`access review that says allowed=${String(allowed)} ${allowed === true ? "lets" : "doesn't let"} us create runs`, async (t) => {
      const { server, connection } = await connectScripted(t, () => ({ code: 201, json: { status: { allowed } } }));
      assert.equal(await createClusterApi(connection).mayCreateRuns("kubernaut-workflows"), allowed === true);
      const [call] = server.calls;
      assert.equal(call?.path, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews");
      assert.deepEqual(call.body, {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SelfSubjectAccessReview",
        spec: {
          resourceAttributes: {
            verb: "create",
            group: "tekton.dev",
            resource: "pipelineruns",
            namespace: "kubernaut-workflows",
          },
        },
      });
    });
  }
});
