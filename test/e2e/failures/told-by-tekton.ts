import { changesOf } from "../../support/witness/change.ts";
import { LABEL_EXECUTION_UID } from "../../../pkg/api/labels.ts";
import { succeededCondition } from "../../../pkg/tekton/run-state.ts";
import type { Outcome } from "./run-case.ts";

const LABEL_TASK = "tekton.dev/pipelineTask";

/**
 * Tekton's own last word on each task of a case, sorted. It isn't always the same: a TaskRun whose pod was deleted is
 * sometimes begun anew although it had failed, and its run with it, because Tekton acts on an older view.
 */
export function toldByTekton({ scene }: Outcome): readonly string[] {
  const last = new Map<string, string>();
  for (const { object } of changesOf("taskRun", scene?.platform.witness.changes() ?? [])) {
    const { labels = {}, name } = object.metadata;
    if (labels[LABEL_EXECUTION_UID] !== scene?.execution.uid) continue;
    last.set(name, `${labels[LABEL_TASK] ?? ""} ${succeededCondition(object)?.reason ?? ""}`);
  }
  return [...last.values()].toSorted();
}
