import type { AuditEntry, WorkflowExecution } from "../api/workflow-execution.ts";
import { eventName, type EventName } from "./outbox.ts";

type Facts = Readonly<Record<string, string>>;

/** What an operator sees in `kubectl describe`: made from the outbox, so that a crash neither doubles nor invents one. */
export interface KubernetesEvent {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly action: string;
  readonly note: string;
}

/** The events of the outbox that operators are told of; a plain success makes two. */
const REASONS: ReadonlyMap<EventName, string> = new Map([
  ["started", "ExecutionStarted"],
  ["completed", "ExecutionCompleted"],
  ["failed", "ExecutionFailed"],
  ["skipped", "ExecutionSkipped"],
  ["cancelled", "ExecutionCancelled"],
  ["cleared", "BlockCleared"],
]);

const WARNINGS: ReadonlySet<string> = new Set(["ExecutionFailed", "PipelineRunDeletedExternally"]);

/** The Kubernetes event of an outbox entry, undefined where none is made. */
export function kubernetesEvent(execution: WorkflowExecution, entry: AuditEntry): KubernetesEvent | undefined {
  const name = eventName(entry.type) as EventName;
  const known = REASONS.get(name);
  if (known === undefined) return undefined;
  const reason = entry.reason === "ExternallyDeleted" ? "PipelineRunDeletedExternally" : known;
  return {
    type: WARNINGS.has(reason) || entry.facts?.["repeatedSteps"] !== undefined ? "Warning" : "Normal",
    reason,
    action: "Execute",
    note: noteOf(execution, name, entry.facts ?? {}),
  };
}

function noteOf(execution: WorkflowExecution, name: EventName, facts: Facts): string {
  const { workflowRef, targetResource } = execution.spec;
  const workflow = `workflow ${workflowRef.workflowId} ${workflowRef.version} on ${facts["targetResource"] ?? targetResource}`;
  return `${workflow}: ${whatHappened(name, facts)}`;
}

function whatHappened(name: EventName, facts: Facts): string {
  const run = `PipelineRun ${fact(facts, "runNamespace")}/${fact(facts, "runName")}`;
  switch (name) {
    case "started":
      return `${run} started`;
    case "completed":
      return `completed in ${fact(facts, "duration")} (${run})${warning(facts)}`;
    case "skipped":
      return `skipped, ${fact(facts, "skipMessage")}`;
    case "cleared":
      return `block cleared by ${fact(facts, "actor")}: ${fact(facts, "clearReason")}`;
    case "cancelled":
      return `${fact(facts, "failureMessage")}${warning(facts)}`;
    case "failed":
    case "requested":
    case "starting":
    case "deleted":
      return `${name}, ${fact(facts, "failureReason")}: ${fact(facts, "failureMessage")}${warning(facts)}`;
  }
}

function warning({ repeatedSteps }: Facts): string {
  return repeatedSteps === undefined ? "" : `; ${repeatedSteps}`;
}

function fact(facts: Facts, name: string): string {
  return facts[name] ?? "unknown";
}
