/** The facts of the audit events. Their names are what the audit table and its view read (audit.md section 2). */
import { withoutValues } from "../api/hidden-values.ts";
import { ANNOTATION_TARGET } from "../api/labels.ts";
import type { PipelineRun } from "../api/tekton.ts";
import type { TargetLock } from "../api/target-lock.ts";
import type {
  ExecutionRef,
  FailureDetails,
  LockRef,
  SkipDetails,
  WorkflowExecution,
  WorkflowExecutionStatus,
} from "../api/workflow-execution.ts";
import { askedBundle, executedDigest } from "../tekton/bundle.ts";
import { executedPods } from "../tekton/executed-pods.ts";
import { serviceAccountOf } from "../tekton/pipeline-run.ts";
import { actorFacts } from "./actor-facts.ts";
import { lockRefOf } from "./own-lock.ts";
import type { NewEvent } from "./outbox.ts";
import type { Policy } from "./policy.ts";
import type { Case } from "./rule.ts";
import { stepsFact } from "./steps-fact.ts";

type Facts = NewEvent["facts"];

/** Who asked, for what, when: the first event of every execution. */
export function requestedEvent(w: WorkflowExecution, target: string | undefined): NewEvent {
  const facts = {
    createdAt: w.metadata.creationTimestamp,
    targetResource: target ?? w.spec.targetResource,
    ...actorFacts(w.spec.requestedBy),
  };
  return { name: "requested", outcome: "success", facts };
}

/** The run and the lock under which it is started. */
export function startFacts(w: WorkflowExecution, run: PipelineRun, lock: TargetLock, policy: Policy): Facts {
  return {
    targetResource: lock.spec.targetResource,
    runNamespace: run.metadata.namespace,
    runName: run.metadata.name,
    runUid: run.metadata.uid,
    serviceAccount: serviceAccountOf(w.spec, policy.serviceAccountName),
    ...lockFacts(lockRefOf(lock)),
    bundleDigest: askedBundle(w.spec.workflowRef).digest,
  };
}

/** The event of the first time that the run was seen started, or ended. */
export function startedEvent(w: WorkflowExecution, run: PipelineRun): NewEvent {
  const targetResource = run.metadata.annotations?.[ANNOTATION_TARGET];
  const facts = {
    targetResource,
    ...runFacts(w.status?.executionRef),
    startTime: run.status?.startTime,
    ...lockFacts(w.status?.locks?.[0]),
    ...executedFacts(w, run),
  };
  return { name: "started", outcome: "success", facts };
}

/** What the run really is: as whom it acts, and which bundle. */
export function executedFacts(w: WorkflowExecution, run: PipelineRun): Facts {
  return {
    serviceAccount: run.spec.taskRunTemplate?.serviceAccountName,
    bundleDigest: executedDigest(w.spec.workflowRef, run),
  };
}

/**
 * How the execution ended, as its status says it, and what of it ran, as far as that was seen. Where it never had the
 * target's lock, the lock that it met.
 */
export function endFacts(c: Case, ending: Partial<WorkflowExecutionStatus>): Facts {
  const { s, w } = c;
  const { phase, outcome, startTime, completionTime, duration } = ending;
  const lock = s.lock.value;
  return {
    ...{ targetResource: lock?.spec.targetResource, phase, outcome, startTime, completionTime, duration },
    ...runFacts(w.status?.executionRef),
    ...lockFacts(w.status?.locks?.[0] ?? (lock && lockRefOf(lock))),
    bundleDigest: (ending.bundle ?? w.status?.bundle)?.digest,
    ...failureFacts(ending.failureDetails),
    ...skipFacts(ending.skipDetails),
    ...cancelFacts(c),
    steps: stepsFact(executedPods({ taskRuns: s.taskRuns.value, pods: s.pods.value, live: s.live })),
  };
}

/** That the execution was deleted after its end. By whom, only the API server knows. */
export function deletedEvent(w: WorkflowExecution, target: string | undefined): NewEvent {
  const facts = {
    deletedAt: w.metadata.deletionTimestamp,
    targetResource: target,
    ...runFacts(w.status?.executionRef),
    ...lockFacts(w.status?.locks?.[0]),
  };
  return { name: "deleted", outcome: "success", facts };
}

/** Who wanted it to be cancelled; whether that is why it ended is said by its outcome. */
function cancelFacts({ w: { spec, metadata }, hidden }: Pick<Case, "w" | "hidden">): Facts {
  const { cancel } = spec;
  return {
    cancelMode: cancel?.mode,
    cancelReason: cancel?.reason === undefined ? undefined : withoutValues(cancel.reason, hidden),
    cancelledBy: cancel?.requestedBy?.username,
    deletedAt: metadata.deletionTimestamp,
  };
}

function runFacts(run: ExecutionRef | undefined): Facts {
  return run === undefined ? {} : { runNamespace: run.namespace, runName: run.name, runUid: run.uid };
}

function lockFacts(lock: LockRef | undefined): Facts {
  return lock === undefined ? {} : { lockName: lock.name, lockUid: lock.uid, lockEpoch: String(lock.epoch) };
}

function failureFacts(details: FailureDetails | undefined): Facts {
  if (details === undefined) return {};
  return {
    failureReason: details.reason,
    failureMessage: details.message,
    failedTask: details.failedTaskName,
    failedStep: details.failedStepName,
    exitCode: details.exitCode === undefined ? undefined : String(details.exitCode),
    wasExecutionFailure: String(details.wasExecutionFailure),
  };
}

function skipFacts(details: SkipDetails | undefined): Facts {
  if (details === undefined) return {};
  const other = details.conflictingWorkflow ?? details.recentRemediation;
  const named = other?.name === undefined ? undefined : `${other.namespace ?? ""}/${other.name}`;
  return { skipReason: details.reason, skipMessage: details.message, conflictingExecution: named };
}
