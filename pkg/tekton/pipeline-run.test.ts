import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  ASKED_DIGEST,
  aWorkflowExecution,
  type ExecutionWishes,
} from "../../test/support/builders/a-workflow-execution.ts";
import { after } from "../../test/support/builders/moments.ts";
import type { PipelineRun } from "../api/tekton.ts";
import { buildPipelineRun } from "./pipeline-run.ts";
import { runName } from "./run-name.ts";

function build(wishes: ExecutionWishes = {}): PipelineRun {
  return buildPipelineRun(aWorkflowExecution(wishes), {
    namespace: "kubernaut-workflows",
    serviceAccountName: "kubernaut-workflow-runner",
    defaultTimeoutMs: 1_800_000,
    now: after(0),
    lock: { hash: "0123456789abcdef0123456789abcdef", epoch: 7, target: "payment/deployments.apps/checkout" },
  });
}

describe("the run of an execution", () => {
  it("is this one, and no other", () => {
    assert.deepEqual(build({ spec: { parameters: { REPLICAS: "3" } } }), {
      apiVersion: "tekton.dev/v1",
      kind: "PipelineRun",
      metadata: {
        name: runName({ name: "restart-checkout", uid: "uid-of-restart-checkout" }),
        namespace: "kubernaut-workflows",
        labels: {
          "kubernaut.ai/workflow-execution-uid": "uid-of-restart-checkout",
          "kubernaut.ai/workflow-execution": "restart-checkout",
          "kubernaut.ai/workflow-id": "restart-deployment",
          "kubernaut.ai/source-namespace": "remediation",
          "kubernaut.ai/target-hash": "0123456789abcdef0123456789abcdef",
          "app.kubernetes.io/managed-by": "workflow-execution-controller",
        },
        annotations: {
          "kubernaut.ai/execution": "remediation/restart-checkout",
          "kubernaut.ai/target-resource": "payment/deployments.apps/checkout",
          "kubernaut.ai/correlation-id": "rr-checkout-oom",
          "kubernaut.ai/lock-epoch": "7",
        },
      },
      spec: {
        status: "PipelineRunPending",
        pipelineRef: {
          resolver: "bundles",
          params: [
            { name: "bundle", value: `registry.example/workflows/restart@${ASKED_DIGEST}` },
            { name: "name", value: "workflow" },
            { name: "kind", value: "pipeline" },
          ],
        },
        params: [
          { name: "REPLICAS", value: "3" },
          { name: "TARGET_RESOURCE", value: "payment/Deployment/checkout" },
        ],
        timeouts: { pipeline: "30m0s", tasks: "25m0s", finally: "5m0s" },
        taskRunTemplate: {
          serviceAccountName: "kubernaut-workflow-runner",
          podTemplate: { securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } } },
        },
      },
    });
  });

  const parameters = { A: "1", B: "2" };
  const passed: Readonly<Record<string, readonly [Readonly<Record<string, boolean>> | undefined, readonly string[]]>> =
    {
      "all where nothing is declared": [undefined, ["A", "B"]],
      "none where none is declared": [{}, []],
      "the declared ones": [{ A: true, C: true }, ["A"]],
      "not those that are declared as not wanted": [{ A: false, B: true }, ["B"]],
    };
  for (const [sentence, [declaredParameterNames, names]] of Object.entries(passed)) {
    it(`is given its parameters: ${sentence}`, () => {
      const workflowRef = declaredParameterNames === undefined ? {} : { declaredParameterNames };
      const run = build({ spec: { parameters }, workflowRef });
      assert.deepEqual(
        run.spec.params?.map(({ name }) => name),
        [...names, "TARGET_RESOURCE"],
      );
    });
  }
  it("is given its parameters unchanged, whatever is in them", () => {
    const value = ' \n\t$HOME "quoted" {{x}} ä 0755 ';
    assert.equal(build({ spec: { parameters: { A: value } } }).spec.params?.[0]?.value, value);
  });
  it("runs under the service account of the execution, of the workflow, or the configured one", () => {
    const own = { spec: { executionConfig: { serviceAccountName: "own" } } };
    const workflowRef = { serviceAccountName: "workflows" };
    assert.equal(build({ ...own, workflowRef }).spec.taskRunTemplate?.serviceAccountName, "own");
    assert.equal(build({ workflowRef }).spec.taskRunTemplate?.serviceAccountName, "workflows");
  });
  it("gets its dependencies as workspaces", () => {
    const dependencies = { secrets: [{ name: "token" }], configMaps: [{ name: "settings" }] };
    assert.deepEqual(build({ workflowRef: { dependencies } }).spec.workspaces, [
      { name: "secret-token", secret: { secretName: "token" } },
      { name: "configmap-settings", configMap: { name: "settings" } },
    ]);
  });
  it("has labels that fit, however long the names are", () => {
    const run = build({ metadata: { name: "n".repeat(253) }, workflowRef: { workflowId: "team/".repeat(50) } });
    for (const value of Object.values(run.metadata.labels ?? {})) assert.ok(value.length <= 63);
  });
});
