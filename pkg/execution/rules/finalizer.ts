import { FINALIZER } from "../../api/labels.ts";
import type { Case } from "../rule.ts";
import type { Step } from "../step.ts";

/** A1: the finalizer is there before anything else exists, so that no deletion can orphan a run or lose an audit row. */
export function addFinalizer({ w }: Case): Step | undefined {
  return hasFinalizer(w.metadata.finalizers) ? undefined : { type: "AddFinalizer", execution: w };
}

/** True where the controller's finalizer is among these. */
export function hasFinalizer(finalizers: readonly string[] | undefined): boolean {
  return finalizers?.includes(FINALIZER) ?? false;
}
