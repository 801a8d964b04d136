import assert from "node:assert/strict";
import type { WorkflowExecution, WorkflowExecutionStatus } from "../../pkg/api/workflow-execution.ts";
import { conditionOf, isTerminal } from "../../pkg/execution/conditions.ts";
import { waitFor } from "../cluster/wait.ts";
import { NAMESPACE, type Platform } from "./platform.ts";

export interface Wanted {
  readonly name: string;
  readonly workflowId?: string;
  readonly bundle: string;
  /** As `kind/name` in the tests' namespace. */
  readonly target: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** What else the execution asks for. */
  readonly spec?: Partial<WorkflowExecution["spec"]>;
}

/** An execution that a test has created. */
export interface Created {
  readonly name: string;
  readonly uid: string;
}

/** Long enough for a run of several pods on a busy machine. */
const DEADLINE_MS = 120_000;

/** Creates an execution. Gives its uid. */
export async function execute({ api }: Platform, wanted: Wanted): Promise<string> {
  const { name, workflowId = "test", bundle, target, parameters = {}, spec = {} } = wanted;
  const { metadata } = await api.executions.create({
    metadata: { name, namespace: NAMESPACE },
    spec: {
      remediationRequestRef: { name: `for-${name}` },
      workflowRef: { workflowId, version: "1.0.0", containerImage: bundle },
      targetResource: `${NAMESPACE}/${target}`,
      parameters,
      ...spec,
    },
  });
  return metadata.uid ?? "";
}

/** The same, for what is spoken of by its name later. */
export async function created(platform: Platform, wanted: Wanted): Promise<Created> {
  return { name: wanted.name, uid: await execute(platform, wanted) };
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

/** A Kubernetes event as kubectl shows it. */
interface ShownEvent {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

/** The reasons of an execution's Kubernetes events, sorted. */
export async function eventReasons(platform: Platform, executionUid: string): Promise<readonly string[]> {
  return (await eventsOf(platform, executionUid)).map(({ reason }) => reason).toSorted();
}

/** Waits for an event: they are made beside the status, a moment later. There must be one with that reason. */
export async function eventWith(platform: Platform, executionUid: string, reason: string): Promise<ShownEvent> {
  let found: readonly ShownEvent[] = [];
  await waitFor(`event ${reason} of execution ${executionUid}`, 30_000, async () => {
    found = (await eventsOf(platform, executionUid)).filter((event) => event.reason === reason);
    return found.length > 0;
  });
  const [event, ...more] = found;
  assert.ok(event !== undefined && more.length === 0, `one event ${reason}, not ${String(found.length)}`);
  return event;
}

async function eventsOf({ kubectl }: Platform, executionUid: string): Promise<readonly ShownEvent[]> {
  const selector = `--field-selector=involvedObject.uid=${executionUid}`;
  const list = JSON.parse(await kubectl("get", "events", "-n", NAMESPACE, selector, "-o", "json")) as {
    readonly items: readonly ShownEvent[];
  };
  return list.items;
}

/** The lock of an execution's target is Free. */
export function assertReleased({ witness }: Platform, status: WorkflowExecutionStatus): void {
  const lock = witness.get("lock", status.locks?.[0]?.name ?? "");
  assert.equal(lock?.spec.state, "Free", "the target is given back");
}

/** Whether an execution has ended, its target is given back, and every event of it is in the audit trail. */
export function isSettled({ status }: WorkflowExecution): boolean {
  const recorded = conditionOf(status, "AuditRecorded")?.status === "True";
  const released = conditionOf(status, "ResourceLocked")?.status !== "True";
  return isTerminal(status?.phase) && recorded && released;
}
