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
/** All usual verbs on our kinds, as an administrator of namespaces might have them, and no virtual one. */
export const EDITOR = "eve@example.com";
/** The same, and the ClusterRole of clearers in namespace default. */
export const NAMESPACE_CLEARER = "nora@example.com";
/** The same, and the virtual verbs on the lock and the execution that bear these names. */
export const KEEPER = "kim@example.com";
export const KEPT_LOCK = `target-${"f".repeat(32)}`;
export const KEPT_EXECUTION = "kept";
/** Another namespace with executions. */
export const ELSEWHERE = "elsewhere";

/** Gives everybody their rights and waits until the API server knows them. */
export async function invitePeople({ kubectl, send }: ClusterContext): Promise<void> {
  await kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
  for (const person of [...CLEARERS, KEEPER]) await untilAllowed(person, KEPT_LOCK);
  await untilAllowed(NAMESPACE_CLEARER, KEPT_EXECUTION, "default");

  async function untilAllowed(user: string, name: string, namespace?: string): Promise<void> {
    const resource = namespace === undefined ? "targetlocks" : "workflowexecutions";
    const resourceAttributes = { verb: "clear", group: "kubernaut.ai", resource, name, namespace };
    await waitFor(`${user} to have the verb clear`, 30_000, async () => {
      const review = { spec: { user, resourceAttributes } };
      const answer = await send("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review);
      return (bodyOf(answer) as { status: { allowed: boolean } }).status.allowed;
    });
  }
}

const CLEARERS = [CLEARER, OTHER_CLEARER, CLEARING_ACCOUNT, LONG_NAMED_CLEARER];
const rbac = { apiVersion: "rbac.authorization.k8s.io/v1" };
const group = { apiGroups: ["kubernaut.ai"] };
const usualVerbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];
const clearerRole = {
  apiGroup: "rbac.authorization.k8s.io",
  kind: "ClusterRole",
  name: "workflow-execution-block-clearer",
};

// Those that are waited for come last, so that the others are known by then.
const objects: readonly unknown[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: ELSEWHERE } },
  ...role("editor", [EDITOR, NAMESPACE_CLEARER, KEEPER], {
    resources: ["targetlocks", "workflowexecutions"],
    verbs: usualVerbs,
  }),
  ...role("keeper", [KEEPER], {
    resources: ["targetlocks", "workflowexecutions"],
    resourceNames: [KEPT_LOCK, KEPT_EXECUTION],
    verbs: ["record", "clear"],
  }),
  {
    ...rbac,
    kind: "RoleBinding",
    metadata: { name: "clearer", namespace: "default" },
    roleRef: clearerRole,
    subjects: [subject(NAMESPACE_CLEARER)],
  },
  {
    ...rbac,
    kind: "ClusterRoleBinding",
    metadata: { name: "clearers" },
    roleRef: clearerRole,
    subjects: CLEARERS.map(subject),
  },
];

/** A ClusterRole with one rule, and its binding. */
function role(name: string, people: readonly string[], rule: unknown): readonly unknown[] {
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name };
  return [
    { ...rbac, kind: "ClusterRole", metadata: { name }, rules: [{ ...group, ...(rule as object) }] },
    { ...rbac, kind: "ClusterRoleBinding", metadata: { name }, roleRef, subjects: people.map(subject) },
  ];
}

function subject(name: string): unknown {
  return { apiGroup: "rbac.authorization.k8s.io", kind: "User", name };
}
