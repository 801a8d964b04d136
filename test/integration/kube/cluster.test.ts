import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import type { ServedKind } from "../../../pkg/api/kinds.ts";
import { discoverKinds } from "../../../pkg/kube/discovery.ts";
import { recordEvent } from "../../../pkg/kube/events.ts";
import { createResource } from "../../../pkg/kube/resource.ts";
import { waitFor } from "../../cluster/wait.ts";
import { NAMESPACE, useCluster } from "./cluster-context.ts";
import { type Widget, widgets } from "./widget.ts";

const context = useCluster();

void describe("a recorded event", () => {
  it("is shown once by kubectl describe, however often it is recorded", async () => {
    const connection = context.connection();
    const metadata = { namespace: NAMESPACE, name: "told" };
    const widget = await createResource<Widget>(connection, widgets).create({ metadata, spec: { size: 1 } });
    const event = {
      regarding: { apiVersion: "kube.test/v1", kind: "Widget", ...metadata, uid: widget.metadata.uid ?? "" },
      type: "Warning",
      reason: "ExecutionFailed",
      note: `ü${"x".repeat(2_000)}`,
      eventId: randomUUID(),
      at: connection.clock.now(),
      action: "Finish",
      reportingInstance: "controller-0",
    } as const;
    await recordEvent(connection, event);
    await recordEvent(connection, event);
    const description = await context.kubectl(["describe", "widget", "told", `--namespace=${NAMESPACE}`]);
    const shown = description.split("\n").filter((line) => line.includes("ExecutionFailed"));
    assert.equal(shown.length, 1, description);
    assert.match(shown[0] ?? "", /Warning +ExecutionFailed +\d+s +kubernaut.ai\/workflow-execution-controller +üxxx/);
  });
});

void describe("discovery of a real API server", () => {
  it("finds what kubectl finds, and says that nothing is missing", async () => {
    const { kinds, complete } = await discoverKinds(context.connection());
    assert.equal(complete, true);
    const known = (await context.kubectl(["api-resources", "-o", "name"])).trim().split("\n").sort();
    assert.deepEqual(kinds.map(nameOf).sort(), known);
  });

  const expected: Readonly<Record<string, ServedKind>> = {
    pods: { group: "", kind: "Pod", plural: "pods", singular: "pod", shortNames: ["po"], namespaced: true },
    nodes: { group: "", kind: "Node", plural: "nodes", singular: "node", shortNames: ["no"], namespaced: false },
    "deployments.apps": {
      group: "apps",
      kind: "Deployment",
      plural: "deployments",
      singular: "deployment",
      shortNames: ["deploy"],
      namespaced: true,
    },
    "widgets.kube.test": {
      group: "kube.test",
      kind: "Widget",
      plural: "widgets",
      singular: "widget",
      shortNames: ["wid"],
      namespaced: true,
    },
  };
  for (const [name, kind] of Object.entries(expected)) {
    it(`describes ${name}`, async () => {
      const { kinds } = await discoverKinds(context.connection());
      assert.deepEqual(
        kinds.find((candidate) => nameOf(candidate) === name),
        kind,
      );
    });
  }

  it("is not complete while the server of a group is away, and is again without it", async () => {
    await context.kubectl(["apply", "-f", "-"], JSON.stringify(awayService));
    await waitFor("incomplete discovery", 30_000, async () => !(await isComplete()));
    await context.kubectl(["delete", "apiservice", "v1.away.test"]);
    await waitFor("complete discovery", 30_000, isComplete);
  });
});

async function isComplete(): Promise<boolean> {
  return (await discoverKinds(context.connection())).complete;
}

function nameOf({ plural, group }: ServedKind): string {
  return group === "" ? plural : `${plural}.${group}`;
}

const awayService = {
  apiVersion: "apiregistration.k8s.io/v1",
  kind: "APIService",
  metadata: { name: "v1.away.test" },
  spec: {
    group: "away.test",
    version: "v1",
    groupPriorityMinimum: 100,
    versionPriority: 100,
    insecureSkipTLSVerify: true,
    service: { namespace: "default", name: "nobody" },
  },
};
