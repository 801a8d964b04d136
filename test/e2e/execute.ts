import assert from "node:assert/strict";
import type { WorkflowExecution, WorkflowExecutionStatus } from "../../pkg/api/workflow-execution.ts";
import { conditionOf, isTerminal } from "../../pkg/execution/conditions.ts";
import { NAMESPACE, type Platform } from "./platform.ts";

export interface Wanted {
  readonly name: string;
  readonly workflowId?: string;
  readonly bundle: string;
  /** As `kind/name` in the tests' namespace. */
  readonly target: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Long enough for a run of several pods on a busy machine. */
const DEADLINE_MS = 120_000;

/** Creates an execution. Gives its uid. */
export async function execute({ api }: Platform, wanted: Wanted): Promise<string> {
  const { name, workflowId = "test", bundle, target, parameters = {} } = wanted;
  const { metadata } = await api.executions.create({
    metadata: { name, namespace: NAMESPACE },
    spec: {
      remediationRequestRef: { name: `for-${name}` },
      workflowRef: { workflowId, version: "1.0.0", containerImage: bundle },
      targetResource: `${NAMESPACE}/${target}`,
      parameters,
    },
  });
  return metadata.uid ?? "";
}

/** Waits until an execution has ended, its target is given back, and every event of it is in the audit trail. */
export async function settled({ witness }: Platform, name: string): Promise<WorkflowExecutionStatus> {
  return witness.until(`execution ${name} to be settled`, DEADLINE_MS, () => {
    const execution = witness.get("execution", name);
    return execution !== undefined && isSettled(execution) ? execution.status : undefined;
  });
}

/** Waits until the execution's status is as `check` wants it. */
export async function reaches(
  { witness }: Platform,
  name: string,
  what: string,
  check: (status: WorkflowExecutionStatus) => boolean,
): Promise<WorkflowExecutionStatus> {
  return witness.until(`execution ${name} to be ${what}`, DEADLINE_MS, () => {
    const status = witness.get("execution", name)?.status;
    return status !== undefined && check(status) ? status : undefined;
  });
}

/** Waits until a pod of that execution runs. */
export async function podRuns({ witness }: Platform, executionUid: string): Promise<void> {
  await witness.until(`a pod of execution ${executionUid} to run`, DEADLINE_MS, () =>
    witness.changes().find(({ kind, object }) => {
      const isOurs = object.metadata.labels?.["kubernaut.ai/workflow-execution-uid"] === executionUid;
      return kind === "pod" && isOurs && (object as { status?: { phase?: string } }).status?.phase === "Running";
    }),
  );
}

/** The conditions of a status, as `type=status` where they say so. */
export function conditionsOf(status: WorkflowExecutionStatus): Readonly<Record<string, string>> {
  return Object.fromEntries((status.conditions ?? []).map((condition) => [condition.type, condition.status]));
}

/** The reasons of an execution's Kubernetes events, sorted. */
export async function eventReasons({ kubectl }: Platform, executionUid: string): Promise<readonly string[]> {
  const selector = `--field-selector=involvedObject.uid=${executionUid}`;
  const text = await kubectl("get", "events", "-n", NAMESPACE, selector, "-o", "jsonpath={.items[*].reason}");
  return text.split(" ").toSorted();
}

/** The lock of an execution's target is Free. */
export function assertReleased({ witness }: Platform, status: WorkflowExecutionStatus): void {
  const lock = witness.get("lock", status.locks?.[0]?.name ?? "");
  assert.equal(lock?.spec.state, "Free", "the target is given back");
}

function isSettled({ status }: WorkflowExecution): boolean {
  const recorded = conditionOf(status, "AuditRecorded")?.status === "True";
  const released = conditionOf(status, "ResourceLocked")?.status !== "True";
  return isTerminal(status?.phase) && recorded && released;
}
