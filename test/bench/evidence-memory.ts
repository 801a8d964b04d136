/** What the memory of live evidence takes at its limits: measured in this process, before anything else runs. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { EvidenceCounts } from "../../pkg/controller/live-evidence.ts";
import { manyRuns } from "../../pkg/controller/testing/many-runs.ts";

/** Live evidence of so many runs at once. */
export interface EvidenceMemory extends EvidenceCounts {
  /** Heap of what is remembered, and of the executions whose it is. */
  readonly heapBytes: number;
  /** What is left of it when all of them have ended: the executions alone. */
  readonly endedBytes: number;
}

/** As many live runs at once as the product is made for. */
const RUNS = 1_000;

/** Measures the heap with and without the evidence, each after a garbage collection. */
export function measureEvidence(): EvidenceMemory {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const before = heapAfter(collect);
  const runs = manyRuns(RUNS);
  const heapBytes = heapAfter(collect) - before;
  const counts = runs.seen.memory.counts();
  runs.end();
  return { ...counts, heapBytes, endedBytes: heapAfter(collect) - before };
}

function heapAfter(collect: () => void): number {
  collect();
  return process.memoryUsage().heapUsed;
}
