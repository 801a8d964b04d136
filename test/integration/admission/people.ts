import type { ClusterContext } from "./cluster-context.ts";
import { waitFor } from "../../cluster/wait.ts";
import { bodyOf } from "./answer.ts";

/** The controller's own service account. */
export const CONTROLLER = "system:serviceaccount:kubernaut-system:workflow-execution-controller";
/** Has the ClusterRole of config/rbac/block-clearer.yaml, and nothing else. */
export const CLEARER = "ann@example.com";
/** Has it too. */
export const OTHER_CLEARER = "ben@example.com";
/** A service account that has it. */
export const CLEARING_ACCOUNT = "system:serviceaccount:default:on-call-bot";
/** Another, with a name that is longer than what can be put on record. */
export const LONG_NAMED_CLEARER = "x".repeat(1025);
/** Has the ClusterRole of config/rbac/canceller.yaml, and nothing else. */
export const CANCELLER = "carl@example.com";
/** Has it too. */
export const OTHER_CANCELLER = "cora@example.com";
/** A service account that has it. */
export const CANCELLING_ACCOUNT = "system:serviceaccount:default:orchestrator";
/** Another, with a name that is longer than what can be put on record. */
export const LONG_NAMED_CANCELLER = "y".repeat(1025);
/** All usual verbs on our kinds, as an administrator of namespaces might have them, and no virtual one. */
export const EDITOR = "eve@example.com";
/** A service account with the same. */
export const ORCHESTRATOR = "system:serviceaccount:default:remediation";
/** As EDITOR, and the ClusterRole of clearers in namespace default. */
export const NAMESPACE_CLEARER = "nora@example.com";
/** The same, and the ClusterRole of cancellers in namespace default. */
export const NAMESPACE_CANCELLER = "nick@example.com";
/** The same, and the virtual verbs on the lock and the execution that bear these names. */
export const KEEPER = "kim@example.com";
export const KEPT_LOCK = `target-${"f".repeat(32)}`;
export const KEPT_EXECUTION = "kept";
/** Another namespace with executions. */
export const ELSEWHERE = "elsewhere";

/** Gives everybody their rights and waits until the API server knows them. */
export async function invitePeople({ kubectl, send }: ClusterContext): Promise<void> {
  await kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
  for (const user of [...CLEARERS, KEEPER]) await untilAllowed(user, { verb: "clear", ...keptLock });
  for (const user of [...CANCELLERS, KEEPER, NAMESPACE_CANCELLER]) {
    await untilAllowed(user, { verb: "cancel", ...keptExecution });
  }
  await untilAllowed(NAMESPACE_CLEARER, { verb: "clear", ...keptExecution });

  async function untilAllowed(user: string, act: { readonly verb: string; readonly resource: string }): Promise<void> {
    const resourceAttributes = { group: "kubernaut.ai", ...act };
    await waitFor(`${user} to have the verb ${act.verb}`, 30_000, async () => {
      const review = { spec: { user, resourceAttributes } };
      const answer = await send("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review);
      return (bodyOf(answer) as { status: { allowed: boolean } }).status.allowed;
    });
  }
}

const CLEARERS = [CLEARER, OTHER_CLEARER, CLEARING_ACCOUNT, LONG_NAMED_CLEARER];
const CANCELLERS = [CANCELLER, OTHER_CANCELLER, CANCELLING_ACCOUNT, LONG_NAMED_CANCELLER];
const keptLock = { resource: "targetlocks", name: KEPT_LOCK };
const keptExecution = { resource: "workflowexecutions", name: KEPT_EXECUTION, namespace: "default" };
const rbac = { apiVersion: "rbac.authorization.k8s.io/v1" };
const group = { apiGroups: ["kubernaut.ai"] };
const usualVerbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];
const BLOCK_CLEARER = "workflow-execution-block-clearer";
const EXECUTION_CANCELLER = "workflow-execution-canceller";

// Those that are waited for come last, so that the others are known by then.
const objects: readonly unknown[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: ELSEWHERE } },
  ...role("editor", [EDITOR, ORCHESTRATOR, NAMESPACE_CLEARER, NAMESPACE_CANCELLER, KEEPER], {
    resources: ["targetlocks", "workflowexecutions"],
    verbs: usualVerbs,
  }),
  ...role("keeper", [KEEPER], {
    resources: ["targetlocks", "workflowexecutions"],
    resourceNames: [KEPT_LOCK, KEPT_EXECUTION],
    verbs: ["record", "clear", "cancel"],
  }),
  bindingInDefault(BLOCK_CLEARER, NAMESPACE_CLEARER),
  bindingInDefault(EXECUTION_CANCELLER, NAMESPACE_CANCELLER),
  binding(BLOCK_CLEARER, CLEARERS),
  binding(EXECUTION_CANCELLER, CANCELLERS),
];

/** Gives people a ClusterRole everywhere. */
function binding(name: string, people: readonly string[]): unknown {
  return {
    ...rbac,
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: refTo(name),
    subjects: people.map(subject),
  };
}

/** Gives somebody a ClusterRole in namespace default. */
function bindingInDefault(name: string, user: string): unknown {
  const metadata = { name, namespace: "default" };
  return { ...rbac, kind: "RoleBinding", metadata, roleRef: refTo(name), subjects: [subject(user)] };
}

function refTo(name: string): unknown {
  return { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name };
}

/** A ClusterRole with one rule, and its binding. */
function role(name: string, people: readonly string[], rule: unknown): readonly unknown[] {
  return [
    { ...rbac, kind: "ClusterRole", metadata: { name }, rules: [{ ...group, ...(rule as object) }] },
    binding(name, people),
  ];
}

function subject(name: string): unknown {
  return { apiGroup: "rbac.authorization.k8s.io", kind: "User", name };
}
