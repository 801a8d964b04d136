/**
 * What is left of an execution's run. A run that is gone may have been started: Tekton may still make TaskRuns and pods
 * of it, acting on an older view, and its pods may still act (lock.md section 3).
 */
import { fromTimestamp } from "../../api/time.ts";
import { aliveChildren, type AliveChild } from "../../tekton/alive.ts";
import { isPendingRun } from "../../tekton/run-state.ts";
import { conditionOf } from "../conditions.ts";
import { CHILDREN, lookAtFirst } from "../look.ts";
import { exactVersion } from "../own-run.ts";
import type { Case } from "../rule.ts";
import { DONE, type Step } from "../step.ts";
import { missedTaskRun } from "../stragglers.ts";
import { writeStatus } from "../write-status.ts";

const GONE = "PipelineRunGone";

/**
 * Waits until nothing of a bound run that is gone can act any more; undefined when that is so. Its children are read
 * only when the settle time is over: until then some may still be made.
 */
export function awaitRemains(c: Case, told: { readonly reason?: string; readonly message?: string }): Step | undefined {
  const { s, w, policy } = c;
  const noticed = conditionOf(w.status, "TektonPipelineRunning");
  if (noticed?.reason !== GONE) return lookAtFirst(s, ["runs"], policy.executionNamespace) ?? noticeLoss(c, told);
  const settled = fromTimestamp(noticed.lastTransitionTime) + policy.externalDeletionSettleMs;
  if (s.now < settled) return { type: "Wait", until: settled };
  const looking = lookAtFirst(s, CHILDREN, policy.executionNamespace);
  return looking ?? stopOrphan(c) ?? (aliveRemains(c).length > 0 ? DONE : undefined);
}

/** Whoever deleted the run wanted it to stop: a TaskRun that goes on without it has nobody else who would stop it. */
function stopOrphan({ s }: Case): Step | undefined {
  const missed = missedTaskRun(s.taskRuns.value);
  return missed === undefined ? undefined : { type: "CancelTaskRun", taskRun: exactVersion(missed) };
}

/** The time of this condition is the memory from which the settle time is counted. */
function noticeLoss({ s, w }: Case, told: { readonly reason?: string; readonly message?: string }): Step {
  const { namespace = "", name = "" } = w.status?.executionRef ?? {};
  const message = `PipelineRun ${namespace}/${name} is gone; the target stays locked until nothing of it can act any more`;
  return (
    writeStatus(s, w, {
      status: told,
      conditions: [{ type: "TektonPipelineRunning", status: "False", reason: GONE, message }],
    }) ?? DONE
  );
}

/** What of this execution may still act, beside its own run. */
export function aliveRemains({ s, w }: Case): readonly AliveChild[] {
  const bound = w.status?.executionRef?.uid;
  return aliveChildren({
    runs: s.runs.value.filter((run) => run.metadata.uid !== bound && !isPendingRun(run)),
    taskRuns: s.taskRuns.value,
    customRuns: s.customRuns.value,
    pods: s.pods.value,
  });
}
