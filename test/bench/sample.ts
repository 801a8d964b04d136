import { waitFor } from "../cluster/wait.ts";
import type { ControllerUnderTest } from "../support/controller-under-test.ts";

/** What the counters and gauges of /metrics said. */
export interface Sample {
  /** Requests so far by "verb resource", summed over codes. */
  readonly requests: ReadonlyMap<string, number>;
  readonly residentBytes: number;
  /** Of that, what JavaScript objects take, garbage among them. */
  readonly heapBytes: number;
}

const REQUEST = /^workflowexecution_api_requests_total\{verb="([^"]+)",resource="([^"]+)",code="[^"]*"\} (\S+)$/;
const HEAP = /^nodejs_heap_size_used_bytes (\S+)$/m;
const RESIDENT = /^process_resident_memory_bytes (\S+)$/m;

/** How long no request may end before nothing seems to be under way. */
const QUIET_MS = 1_000;
/** Kubernetes events may lag far behind everything else on a slow machine. */
const QUIET_DEADLINE_MS = 300_000;

/** A sample at a moment when the controller has nothing to do. */
export async function quietSample(controller: ControllerUnderTest): Promise<Sample> {
  let last = await sample(controller);
  let since = performance.now();
  await waitFor("the controller to have nothing to do", QUIET_DEADLINE_MS, async () => {
    const next = await sample(controller);
    if (requestCount(next) !== requestCount(last)) since = performance.now();
    last = next;
    return performance.now() - since > QUIET_MS;
  });
  return last;
}

/** A sample of now. */
async function sample(controller: ControllerUnderTest): Promise<Sample> {
  return readSample(await controller.metrics());
}

function requestCount({ requests }: Sample): number {
  return requests.values().reduce((total, count) => total + count, 0);
}

function readSample(metrics: string): Sample {
  const requests = new Map<string, number>();
  for (const line of metrics.split("\n")) {
    const [, verb = "", resource = "", count = "0"] = REQUEST.exec(line) ?? [];
    const key = `${verb} ${resource}`;
    if (verb !== "") requests.set(key, (requests.get(key) ?? 0) + Number(count));
  }
  return { requests, residentBytes: gauge(RESIDENT, metrics), heapBytes: gauge(HEAP, metrics) };
}

function gauge(pattern: RegExp, metrics: string): number {
  return Number(pattern.exec(metrics)?.[1] ?? 0);
}
