import type { RunEvidence } from "./run-evidence.ts";
import { cleanText } from "./clean-text.ts";
import { seenPods, type SeenPod } from "./seen-pods.ts";
import { hasPodExecuted } from "./started.ts";
import { text } from "./lenient.ts";

const MAX_WORDS_BYTES = 1024;
const MAX_PODS = 3;

/**
 * A sentence about pods whose steps may have run twice; undefined where there are none. A pod that is deleted by force
 * is made again under the same name, the run goes on, and its status says nothing (failures.md section 3): only the
 * second uid tells. A pod in which no step had started doesn't count.
 */
export function repeatedSteps(evidence: RunEvidence): string | undefined {
  const pods = seenPods(evidence);
  const repeated = [...groupByName(pods).values()].filter((same) =>
    same.slice(0, -1).some(({ pod }) => hasPodExecuted(pod)),
  );
  if (repeated.length === 0) return undefined;
  const more = repeated.length > MAX_PODS ? `; ${String(repeated.length - MAX_PODS)} more pods likewise` : "";
  return cleanText(`${repeated.slice(0, MAX_PODS).map(wordsFor).join("; ")}${more}`, MAX_WORDS_BYTES);
}

function groupByName(pods: readonly SeenPod[]): ReadonlyMap<string, readonly SeenPod[]> {
  return Map.groupBy(pods, ({ pod }) => pod.metadata.name);
}

function wordsFor(same: readonly SeenPod[]): string {
  const [first] = same;
  const uids = same.map(({ pod }) => text(pod.metadata.uid)).join(", then ");
  return `pod ${first?.pod.metadata.name ?? ""} was deleted and made again (${uids}), so its steps may have run twice`;
}
