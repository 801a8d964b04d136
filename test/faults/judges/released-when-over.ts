import { isTerminal } from "../../../pkg/execution/conditions.ts";
import { isPendingRun } from "../../../pkg/tekton/run-state.ts";
import { nameOf, type Ledger } from "../ledger.ts";
import type { Judge, Moment } from "../moment.ts";

/**
 * I3 for the lock: a target is given back only when its holder has ended or is gone, nothing of it can act, and the run
 * that is bound to it can't be started any more.
 */
export function judgeReleases(ledger: Ledger): Judge {
  return (moment) => {
    const { change } = moment;
    if (change.kind !== "lock") return;
    const { holder: held, run } = change.before?.spec ?? {};
    if (held === undefined || held.uid === change.after?.spec.holder?.uid) return;
    ledger.count("releases");
    for (const reason of reasonsAgainst(moment, held.uid, run?.uid)) {
      ledger.violate({
        invariant: "I3",
        revisions: [change.revision],
        objects: [nameOf("lock", change.object), { kind: "execution", name: held.name, uid: held.uid }],
        sentence: `target ${change.object.spec.targetResource} was taken from execution ${held.name} ${reason}`,
      });
    }
  };
}

function reasonsAgainst({ scene, actors }: Moment, uid: string, runUid: string | undefined): readonly string[] {
  const execution = scene.get("execution", uid);
  const phase = execution?.object.status?.phase;
  const isOver = execution === undefined || execution.isGone || isTerminal(phase);
  const run = scene.get("run", runUid);
  const mayStart = run !== undefined && !run.isGone && isPendingRun(run.object);
  return [
    ...(isOver ? [] : [`while that was ${phase ?? "Pending"}`]),
    ...actors.ofExecution(uid).map(({ object }) => `while ${object.kind} ${object.name} of it could act`),
    ...(mayStart ? [`while its run ${run.object.metadata.name} was Pending`] : []),
  ];
}
