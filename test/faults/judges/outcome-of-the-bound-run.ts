import type { WorkflowExecutionStatus } from "../../../pkg/api/workflow-execution.ts";
import { isTerminal } from "../../../pkg/execution/conditions.ts";
import { runState } from "../../../pkg/tekton/run-state.ts";
import type { Change } from "../change.ts";
import { endedAt } from "../ended-at.ts";
import { nameOf, type Ledger } from "../ledger.ts";
import type { Judge, Moment } from "../moment.ts";
import type { Life } from "../scene.ts";

/** I6: how an execution ended, and when, is what became of the run that it was bound to. */
export function judgeOutcomes(ledger: Ledger): Judge {
  const acted: Acted = { started: new Set(), worked: new Set() };
  return (moment) => {
    note(moment, acted);
    const { change, scene } = moment;
    if (change.kind !== "execution" || isTerminal(change.before?.status?.phase)) return;
    const status = change.after?.status;
    if (status === undefined || !isTerminal(status.phase)) return;
    ledger.count("outcomes");
    const run = scene.get("run", status.executionRef?.uid);
    for (const what of breachesOf({ uid: change.uid, status, run, acted })) breach(ledger, change, run, what);
  };
}

/** Executions by uid. */
interface Acted {
  /** A run of theirs was started. */
  readonly started: Set<string>;
  /** A step of theirs was started. */
  readonly worked: Set<string>;
}

interface Ending {
  readonly uid: string;
  readonly status: WorkflowExecutionStatus;
  readonly run: Life<"run"> | undefined;
  readonly acted: Acted;
}

function note({ change, origin, started }: Moment, acted: Acted): void {
  if (started !== undefined) acted.started.add(started.execution);
  if (change.kind === "pod" && origin !== undefined && hasWorked(change)) acted.worked.add(origin.execution);
}

const EPOCH = "1970-01-01T00:00:00Z";

/** A container that could not be started has the epoch as its start. */
function hasWorked({ object }: Change<"pod">): boolean {
  const steps = (object.status?.containerStatuses ?? []).filter(({ name }) => name.startsWith("step-"));
  return steps.some(({ state }) => {
    const startedAt = state?.running?.startedAt ?? state?.terminated?.startedAt;
    return startedAt !== undefined && startedAt !== EPOCH;
  });
}

function breachesOf(ending: Ending): readonly string[] {
  const { uid, status, acted } = ending;
  switch (status.phase) {
    case "Completed":
      return [
        ...found(`is Completed, and its run was ${phaseOf(ending)}`, phaseOf(ending) !== "succeeded"),
        ...timeBreaches(ending),
      ];
    case "Skipped":
      return found("is Skipped, and a run of it was started", acted.started.has(uid));
    case "Failed":
      return [...failureBreaches(ending), ...timeBreaches(ending)];
    case "Pending":
    case "Running":
      return [];
  }
}

function found(what: string, isWrong: boolean): readonly string[] {
  return isWrong ? [what] : [];
}

/** The last phase of the bound run; `none` where there never was one. */
function phaseOf({ run }: Ending): string {
  return run === undefined ? "none" : runState(run.object).phase;
}

const OUTCOMES: ReadonlyMap<string, string> = new Map([
  ["failed", "Failed"],
  ["cancelled", "Cancelled"],
]);

function failureBreaches(ending: Ending): readonly string[] {
  const { uid, status, run, acted } = ending;
  const isDenied = status.failureDetails?.wasExecutionFailure === false && acted.worked.has(uid);
  const denial = found("is Failed as if nothing had run, and a step of it had started", isDenied);
  if (run === undefined || run.isGone) return denial;
  const phase = phaseOf(ending);
  const expected = OUTCOMES.get(phase) ?? status.outcome;
  return [
    ...denial,
    ...found(`is Failed, and its run is ${phase}`, !OUTCOMES.has(phase)),
    ...found(`ended as ${String(status.outcome)}, and its run is ${phase}`, status.outcome !== expected),
    ...found("says that its run was deleted, and it is there", status.reason === "ExternallyDeleted"),
  ];
}

/** The clock by which an execution's end is told is the API server's, estimated to a fraction of a second. */
const CLOCK_ERROR_MS = 1000;

function timeBreaches({ status, run }: Ending): readonly string[] {
  const { startTime, completionTime } = run?.object.status ?? {};
  if (run?.isGone !== false || completionTime === undefined) return [];
  const isEarly = endedAt(status) + CLOCK_ERROR_MS < Date.parse(completionTime);
  return [
    ...found(`began at ${String(status.startTime)}, its run at ${String(startTime)}`, status.startTime !== startTime),
    ...found(
      `ended at ${String(status.completionTime)}, its run at ${completionTime}`,
      status.completionTime !== completionTime,
    ),
    ...found(`was finished before its run ended at ${completionTime}`, isEarly),
  ];
}

function breach(
  ledger: Ledger,
  { revision, object }: Change<"execution">,
  run: Life<"run"> | undefined,
  what: string,
): void {
  ledger.violate({
    invariant: "I6",
    revisions: run === undefined ? [revision] : [revision, run.revision],
    objects: [nameOf("execution", object), ...(run === undefined ? [] : [nameOf("run", run.object)])],
    sentence: `execution ${object.metadata.name} ${what}`,
  });
}
