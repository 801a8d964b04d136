import { Counter, type Registry } from "prom-client";
import { registerSeconds } from "./histogram.ts";

/** Requests that the controller sent to the Kubernetes API. */
interface ApiRequestRecord {
  readonly verb: string;
  /** Plural, with the subresource where there is one. */
  readonly resource: string;
  /** HTTP status, 0 where no answer came. */
  readonly code: number;
  readonly seconds: number;
}

/**
 * What is counted of the machinery. Each member gives hooks of the shape that pkg/runtime and pkg/kube ask for, so that a
 * composition root only passes them on. All times are in seconds.
 */
export interface RuntimeMetrics {
  /** Hooks of the work queue with that name. */
  queueHooks(queue: string): {
    onQueued(): void;
    onRetry(): void;
    onTaken(waitedSeconds: number): void;
  };
  /** Hooks of the workers that take their keys from that queue. */
  workerHooks(queue: string): { onReconciled(result: string, seconds: number): void };
  /** Hooks of the reflector that watches that resource. */
  watchHooks(resource: string): { onRestart(reason: string): void };
  onRequest(record: ApiRequestRecord): void;
}

/** Registers the metrics of work queues, reconciles, watches and API requests (api.md section 5). */
export function registerRuntimeMetrics(registry: Registry): RuntimeMetrics {
  return {
    queueHooks: registerQueues(registry),
    workerHooks: registerWorkers(registry),
    watchHooks: registerWatches(registry),
    onRequest: registerRequests(registry),
  };
}

function registerQueues(registry: Registry): RuntimeMetrics["queueHooks"] {
  const adds = registerCounter(registry, "workflowexecution_workqueue_adds_total", "Keys that were queued.", ["queue"]);
  const help = "Keys that were queued again after an error.";
  const retries = registerCounter(registry, "workflowexecution_workqueue_retries_total", help, ["queue"]);
  const waiting = registerSeconds({
    registry,
    name: "workflowexecution_workqueue_wait_seconds",
    help: "How long a key waited for a worker.",
    labelNames: ["queue"],
    buckets: WORK_BUCKETS,
  });
  return (queue) => ({
    onQueued: () => {
      adds.inc({ queue });
    },
    onRetry: () => {
      retries.inc({ queue });
    },
    onTaken: (waitedSeconds) => {
      waiting({ queue }, waitedSeconds);
    },
  });
}

function registerWorkers(registry: Registry): RuntimeMetrics["workerHooks"] {
  const help = "Reconciles by result.";
  const total = registerCounter(registry, "workflowexecution_reconcile_total", help, ["queue", "result"]);
  const duration = registerSeconds({
    registry,
    name: "workflowexecution_reconcile_seconds",
    help: "Time of one reconcile.",
    labelNames: ["queue"],
    buckets: WORK_BUCKETS,
  });
  return (queue) => ({
    onReconciled(result, seconds) {
      total.inc({ queue, result });
      duration({ queue }, seconds);
    },
  });
}

function registerWatches(registry: Registry): RuntimeMetrics["watchHooks"] {
  const help = "Watches (and the lists before them) that ended and began again, by reason.";
  const restarts = registerCounter(registry, "workflowexecution_watch_restarts_total", help, ["resource", "reason"]);
  return (resource) => ({
    onRestart: (reason) => {
      restarts.inc({ resource, reason });
    },
  });
}

function registerRequests(registry: Registry): RuntimeMetrics["onRequest"] {
  const help = "Requests to the Kubernetes API by HTTP status (0: no answer).";
  const labels = ["verb", "resource", "code"] as const;
  const total = registerCounter(registry, "workflowexecution_api_requests_total", help, labels);
  const duration = registerSeconds({
    registry,
    name: "workflowexecution_api_request_seconds",
    help: "Time of one request to the Kubernetes API, from sending to the answer's headers.",
    labelNames: ["verb", "resource"],
    buckets: [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15],
  });
  return ({ verb, resource, code, seconds }) => {
    total.inc({ verb, resource, code: String(code) });
    duration({ verb, resource }, seconds);
  };
}

/** Most work takes a few milliseconds a request; the upper bounds show backlogs. */
const WORK_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60];

function registerCounter<L extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly L[],
): Counter<L> {
  return new Counter({ name, help, labelNames: [...labelNames], registers: [registry] });
}
