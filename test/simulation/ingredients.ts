/**
 * The ingredients of the proof (lock.md section 5.3), each taken out of the product as the simulation sees it: what the
 * product asks of the API server, or what it is shown, is changed on the way. The product itself has no switch.
 */
import type { KubernetesObject } from "../../pkg/api/meta.ts";
import type { PipelineRun } from "../../pkg/api/tekton.ts";
import type { TargetLock } from "../../pkg/api/target-lock.ts";
import { nextStep } from "../../pkg/execution/next-step.ts";
import type { Policy } from "../../pkg/execution/policy.ts";
import type { Seen, Snapshot } from "../../pkg/execution/snapshot.ts";
import type { Step } from "../../pkg/execution/step.ts";
import { requestOf, type ApiRequest } from "./api-request.ts";
import type { Product } from "./bounds.ts";

type Change = (request: ApiRequest) => ApiRequest;

/** Runs are created started, not Pending. */
export const WITHOUT_BORN_PENDING = asking((request) => {
  if (request.verb !== "create" || request.resource !== "runs") return request;
  const run = request.object as PipelineRun;
  const { status: _status, ...spec } = run.spec;
  return { ...request, object: { ...run, spec } as KubernetesObject };
});

/** A run is started as soon as it is there; lock and execution don't know it yet. */
export const WITHOUT_BIND_BEFORE_START: Product = { nextStep: startFirst, request: requestOf };

/** Nobody looks whether TaskRuns and pods still act. */
export const WITHOUT_WAITING_FOR_CHILDREN: Product = {
  nextStep: (snapshot, policy) => nextStep({ ...snapshot, taskRuns: none(snapshot), pods: none(snapshot) }, policy),
  request: requestOf,
};

/** Runs are deleted in whatever version they are. */
export const WITHOUT_DELETE_PRECONDITIONS = asking((request) => {
  if (request.verb !== "delete") return request;
  const { resourceVersion: _version, ...options } = request.options;
  return { ...request, options };
});

/** The start is a patch without tests. */
export const WITHOUT_TESTS_ON_START = asking((request) => {
  if (request.verb !== "patch" || request.resource !== "runs") return request;
  const isStart = request.operations.some(({ op }) => op === "remove");
  return isStart ? { ...request, operations: request.operations.filter(({ op }) => op === "remove") } : request;
});

/** The lock remembers nothing of the executions that held it. */
export const WITHOUT_COOLDOWN_IN_THE_RECORD = asking((request) => {
  if (request.verb !== "replace" || request.resource !== "locks") return request;
  const lock = request.object as TargetLock;
  const { workflows: _workflows, ...spec } = lock.spec;
  return { ...request, object: { ...lock, spec } as KubernetesObject };
});

/** What the caches show is taken for the truth. */
export const WITHOUT_FRESH_READS: Product = {
  nextStep: (snapshot, policy) => nextStep(allFresh(snapshot), policy),
  request: requestOf,
};

function asking(change: Change): Product {
  return {
    nextStep,
    request(step) {
      const request = requestOf(step);
      return request === undefined ? undefined : change(request);
    },
  };
}

function startFirst(snapshot: Snapshot, policy: Policy): Step {
  const step = nextStep(snapshot, policy);
  const run = step.type === "UpdateLock" ? step.lock.spec.run : undefined;
  const isStarted = snapshot.runs.value.some(
    ({ metadata, spec }) => metadata.uid === run?.uid && spec.status === undefined,
  );
  return run === undefined || isStarted ? step : { type: "StartRun", run };
}

function none(snapshot: Snapshot): Seen<readonly never[]> {
  return { value: [], freshness: snapshot.taskRuns.freshness };
}

function allFresh(snapshot: Snapshot): Snapshot {
  return {
    ...snapshot,
    execution: fresh(snapshot.execution),
    lock: fresh(snapshot.lock),
    runs: fresh(snapshot.runs),
    taskRuns: fresh(snapshot.taskRuns),
    pods: fresh(snapshot.pods),
    customRuns: fresh(snapshot.customRuns),
  };
}

/** What is known to be outdated is looked at all the same: else nothing would ever end. */
function fresh<T>({ value, freshness }: Seen<T>): Seen<T> {
  return { value, freshness: freshness === "doubtful" ? freshness : "fresh" };
}
