import { isShortEnough } from "../tekton/clean-text.ts";
import type { ExecutedPod, ExecutedStep } from "../tekton/executed-pods.ts";

interface Entry {
  readonly pod: ExecutedPod;
  readonly step: ExecutedStep;
}

/**
 * What ran, as the fact `steps` of an execution's end has it: `{"pods": [{task, pod, podUid, steps: [{step, image}]}],
 * "leftOut": n}` in compact JSON; undefined where nothing ran. No longer than a fact may be: then whole steps are missing
 * at its end, and leftOut says how many.
 */
export function stepsFact(pods: readonly ExecutedPod[]): string | undefined {
  const entries = pods.flatMap((pod) => pod.steps.map((step) => ({ pod, step })));
  if (entries.length === 0) return undefined;
  let longest = textOf(entries, 0);
  for (let kept = 1; kept <= entries.length; kept++) {
    const text = textOf(entries, kept);
    // Half a JSON text can't be read: it must not be cut where it is written down.
    if (!isShortEnough(text)) break;
    longest = text;
  }
  return longest;
}

function textOf(entries: readonly Entry[], kept: number): string {
  const byPod = Map.groupBy(entries.slice(0, kept), ({ pod }) => pod);
  const pods = [...byPod].map(([pod, own]) => ({ ...pod, steps: own.map(({ step }) => step) }));
  const leftOut = entries.length - kept;
  return JSON.stringify(leftOut === 0 ? { pods } : { pods, leftOut });
}
