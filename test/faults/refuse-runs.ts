import type { World } from "../support/controller-world.ts";
import { RUNS } from "../support/controller-world.ts";
import { waitFor } from "../cluster/wait.ts";
import { REFUSED } from "./burst-plan.ts";

const NAME = "refuse-played-runs";

const POLICY = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingAdmissionPolicy",
  metadata: { name: NAME },
  spec: {
    failurePolicy: "Fail",
    matchConstraints: {
      resourceRules: [
        { apiGroups: ["tekton.dev"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pipelineruns"] },
      ],
    },
    validations: [
      {
        expression: `!has(object.spec.params) || !object.spec.params.exists(param, param.name == '${REFUSED}')`,
        message: "this run is not wanted here",
      },
    ],
  },
};

const BINDING = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingAdmissionPolicyBinding",
  metadata: { name: NAME },
  spec: { policyName: NAME, validationActions: ["Deny"] },
};

/** From then on the API server refuses runs with that parameter for good: executions that fail before they run. */
export async function refuseRuns({ cluster }: Pick<World, "cluster">): Promise<void> {
  const list = { apiVersion: "v1", kind: "List", items: [POLICY, BINDING] };
  const { code, stderr } = await cluster.kubectl(["apply", "-f", "-"], { input: JSON.stringify(list) });
  if (code !== 0) throw new Error(`the policy ${NAME} was refused: ${stderr}`);
  const run = {
    apiVersion: "tekton.dev/v1",
    kind: "PipelineRun",
    metadata: { name: "probe", namespace: RUNS },
    spec: { pipelineRef: { name: "none" }, params: [{ name: REFUSED, value: "true" }] },
  };
  const probe = { input: JSON.stringify(run) };
  await waitFor("runs to be refused", 60_000, async () => {
    return (await cluster.kubectl(["create", "--dry-run=server", "-f", "-"], probe)).stderr.includes(NAME);
  });
}
