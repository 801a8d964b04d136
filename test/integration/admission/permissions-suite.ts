import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { bodyOf } from "./answer.ts";
import type { ClusterContext } from "./cluster-context.ts";
import { CANCELLER, CLEARER, CONTROLLER, invitePeople } from "./people.ts";

const RUNNER = "system:serviceaccount:kubernaut-workflows:kubernaut-workflow-runner";

/** One question for the authorizer. Without a namespace: in all namespaces, or cluster-scoped. */
interface Act {
  readonly verb: string;
  /** "group/resource" or "group/resource/subresource"; the core group is "". */
  readonly on: string;
  readonly in?: string;
  /** Of one object; without it: any. */
  readonly named?: string;
}

const runs = "kubernaut-workflows";
const system = "kubernaut-system";
const checkpoint = "workflow-execution-audit-checkpoint";
const allowedToController: readonly Act[] = [
  ...["get", "list", "watch", "update", "patch"].map((verb) => ({ verb, on: "kubernaut.ai/workflowexecutions" })),
  { verb: "update", on: "kubernaut.ai/workflowexecutions/status" },
  ...["get", "list", "watch", "create", "update", "delete", "record"].map((verb) => ({
    verb,
    on: "kubernaut.ai/targetlocks",
  })),
  ...["get", "list", "watch", "create", "patch", "delete"].map((verb) => ({
    verb,
    on: "tekton.dev/pipelineruns",
    in: runs,
  })),
  ...["get", "list", "watch", "patch"].map((verb) => ({ verb, on: "tekton.dev/taskruns", in: runs })),
  ...["get", "list", "watch"].map((verb) => ({ verb, on: "tekton.dev/customruns", in: runs })),
  ...["get", "list", "watch", "delete"].map((verb) => ({ verb, on: "/pods", in: runs })),
  { verb: "get", on: "/pods/log", in: runs },
  ...["list", "watch"].map((verb) => ({ verb, on: "/events", in: runs })),
  { verb: "create", on: "events.k8s.io/events" },
  ...["get", "update"].map((verb) => ({ verb, on: "/configmaps", in: system, named: checkpoint })),
];
const forbiddenToController: readonly Act[] = [
  { verb: "create", on: "kubernaut.ai/workflowexecutions" },
  { verb: "delete", on: "kubernaut.ai/workflowexecutions" },
  ...["clear", "cancel"].map((verb) => ({ verb, on: "kubernaut.ai/workflowexecutions" })),
  ...["patch", "deletecollection", "clear"].map((verb) => ({ verb, on: "kubernaut.ai/targetlocks" })),
  { verb: "update", on: "tekton.dev/pipelineruns", in: runs },
  { verb: "create", on: "tekton.dev/taskruns", in: runs },
  { verb: "delete", on: "tekton.dev/taskruns", in: runs },
  { verb: "list", on: "tekton.dev/pipelineruns" },
  { verb: "create", on: "/pods", in: runs },
  { verb: "list", on: "/pods" },
  { verb: "get", on: "/pods/log" },
  { verb: "create", on: "/pods/exec", in: runs },
  ...["create", "patch", "delete"].map((verb) => ({ verb, on: "/events", in: runs })),
  { verb: "list", on: "/events" },
  { verb: "get", on: "/secrets", in: runs },
  { verb: "get", on: "/secrets" },
  ...["create", "patch", "delete"].map((verb) => ({ verb, on: "/configmaps", in: system, named: checkpoint })),
  ...["get", "list", "update"].map((verb) => ({ verb, on: "/configmaps", in: system })),
  { verb: "get", on: "/configmaps", in: runs, named: checkpoint },
  { verb: "patch", on: "apps/deployments" },
  { verb: "impersonate", on: "/users" },
];
const allowedToRunner: readonly Act[] = [
  ...["get", "list", "watch", "patch"].map((verb) => ({ verb, on: "apps/deployments", in: "payment" })),
  ...["get", "list"].map((verb) => ({ verb, on: "/pods", in: "payment" })),
];
const forbiddenToRunner: readonly Act[] = [
  ...["kubernaut-system", runs, "tekton-pipelines", "default"].map((name) => ({ verb: "get", on: "/pods", in: name })),
  { verb: "get", on: "/secrets", in: "payment" },
  { verb: "delete", on: "/pods", in: "payment" },
  { verb: "patch", on: "apps/deployments" },
  { verb: "get", on: "/secrets", in: runs },
  { verb: "create", on: "tekton.dev/pipelineruns", in: runs },
  ...["update", "record", "clear"].map((verb) => ({ verb, on: "kubernaut.ai/targetlocks" })),
  ...["patch", "clear", "cancel"].map((verb) => ({ verb, on: "kubernaut.ai/workflowexecutions" })),
];
const clearerVerbs = ["get", "list", "watch", "patch", "clear"];
const allowedToClearer: readonly Act[] = [
  ...clearerVerbs.map((verb) => ({ verb, on: "kubernaut.ai/targetlocks" })),
  ...clearerVerbs.map((verb) => ({ verb, on: "kubernaut.ai/workflowexecutions" })),
];
const forbiddenToClearer: readonly Act[] = [
  ...["create", "update", "delete", "record"].map((verb) => ({ verb, on: "kubernaut.ai/targetlocks" })),
  ...["create", "update", "delete", "cancel"].map((verb) => ({ verb, on: "kubernaut.ai/workflowexecutions" })),
  ...["update", "patch"].map((verb) => ({ verb, on: "kubernaut.ai/workflowexecutions/status" })),
  { verb: "patch", on: "tekton.dev/pipelineruns", in: runs },
  { verb: "get", on: "/secrets", in: runs },
];
const allowedToCanceller: readonly Act[] = ["get", "list", "watch", "patch", "cancel"].map((verb) => ({
  verb,
  on: "kubernaut.ai/workflowexecutions",
}));
const forbiddenToCanceller: readonly Act[] = [
  ...["create", "update", "delete", "clear"].map((verb) => ({ verb, on: "kubernaut.ai/workflowexecutions" })),
  ...["update", "patch"].map((verb) => ({ verb, on: "kubernaut.ai/workflowexecutions/status" })),
  ...["get", "patch", "record", "clear"].map((verb) => ({ verb, on: "kubernaut.ai/targetlocks" })),
  { verb: "patch", on: "tekton.dev/pipelineruns", in: runs },
  { verb: "get", on: "/secrets", in: runs },
];

/** config/rbac and config/samples on a real API server: who may do what, and which pods may run. */
export function testPermissions(context: ClusterContext): void {
  describe("with config/rbac and config/samples", () => {
    before(async () => {
      await context.kubectl(["create", "namespace", "payment"]);
      await invitePeople(context);
      await context.kubectl(["apply", "-f", "config/samples"]);
    });
    testActs(context, "the controller", CONTROLLER, [allowedToController, forbiddenToController]);
    testActs(context, "a workflow", RUNNER, [allowedToRunner, forbiddenToRunner]);
    testActs(context, "a clearer of blocks", CLEARER, [allowedToClearer, forbiddenToClearer]);
    testActs(context, "a canceller", CANCELLER, [allowedToCanceller, forbiddenToCanceller]);
    testPodSecurity(context);
    testFeatureFlags(context);
  });
}

type Verdicts = readonly [allowed: readonly Act[], forbidden: readonly Act[]];

function testActs({ send }: ClusterContext, who: string, user: string, [allowed, forbidden]: Verdicts): void {
  it(`${who} may do what it needs`, async () => {
    assert.deepEqual(await filter(allowed, false), []);
  });
  it(`${who} may not do what it doesn't need`, async () => {
    assert.deepEqual(await filter(forbidden, true), []);
  });

  async function filter(acts: readonly Act[], verdict: boolean): Promise<readonly Act[]> {
    const verdicts = await Promise.all(acts.map(isAllowed));
    return acts.filter((_act, index) => verdicts[index] === verdict);
  }
  async function isAllowed(act: Act): Promise<boolean> {
    const [group, resource, subresource] = act.on.split("/");
    const [namespace, name] = [act.in, act.named];
    const resourceAttributes = { verb: act.verb, group, resource, subresource, namespace, name };
    const review = { spec: { user, groups: ["system:serviceaccounts", "system:authenticated"], resourceAttributes } };
    const answer = await send("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review);
    return (bodyOf(answer) as { status: { allowed: boolean } }).status.allowed;
  }
}

function testPodSecurity({ send }: ClusterContext): void {
  const restricted = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
  };
  async function createPod(name: string, securityContext: unknown): Promise<number> {
    const containers = [{ name: "step", image: "registry.example.com/step:1", securityContext }];
    const pod = { metadata: { name }, spec: { serviceAccountName: "kubernaut-workflow-runner", containers } };
    return (await send("POST", `/api/v1/namespaces/${runs}/pods?dryRun=All`, pod)).status;
  }
  it("only restricted pods may run in the execution namespace", async () => {
    assert.equal(await createPod("plain", undefined), 403);
    assert.equal(await createPod("privileged", { ...restricted, allowPrivilegeEscalation: true }), 403);
    assert.equal(await createPod("restricted", restricted), 201);
  });
}

function testFeatureFlags({ kubectl }: ClusterContext): void {
  it("the patch for Tekton changes one flag and keeps the others", async () => {
    const flags = ["--from-literal=set-security-context=false", "--from-literal=other=kept"];
    await kubectl(["create", "configmap", "feature-flags", ...flags]);
    await kubectl(["patch", "configmap", "feature-flags", "--patch-file", "config/tekton/feature-flags-patch.yaml"]);
    const data = await kubectl(["get", "configmap", "feature-flags", "-o", "jsonpath={.data}"]);
    assert.deepEqual(JSON.parse(data), { "set-security-context": "true", other: "kept" });
  });
}
