import {
  ask,
  askOnly,
  mustBeNamed,
  NAME_TOO_LONG,
  nameOnly,
  NO_CONTROL_CHARACTERS,
  NOT_ON_ITS_OWN,
  type AskCase,
} from "./asks.ts";
import {
  CLEARER,
  CLEARING_ACCOUNT,
  EDITOR,
  ELSEWHERE,
  KEEPER,
  LONG_NAMED_CLEARER,
  KEPT_EXECUTION,
  NAMESPACE_CLEARER,
  OTHER_CLEARER,
} from "./people.ts";

export interface ExecutionAskCase extends AskCase {
  /** How the execution stands; Failed unless told otherwise. */
  readonly phase?: "Pending" | "Running" | "Completed" | "Skipped";
  /** Its namespace; default unless told otherwise. */
  readonly namespace?: string;
  /** Its name, where it matters. */
  readonly name?: string;
}

function noRight(user: string, namespace = "default"): string {
  return `403: user "${user}" may not set metadata.annotations[kubernaut.ai/clear-execution-block] of WorkflowExecution ${namespace}/NAME: that needs the verb clear, because a workflow that failed may act on payment/deployment/api again afterwards. Ask for the ClusterRole workflow-execution-block-clearer, or somebody who has it`;
}
function notFailed(phase: string): string {
  return `422: metadata.annotations[kubernaut.ai/clear-execution-block] can only be set on an execution that has failed: this one is ${phase} and blocks nothing. Set it on the execution that failed, or on the TargetLock of the target`;
}
const REASON_NEEDED =
  "422: metadata.annotations[kubernaut.ai/clear-execution-block] must be a reason of at most 4096 characters: it goes on record";

const asked = ask("memory raised", CLEARER);

export const acceptedExecutionAsks: Readonly<Record<string, ExecutionAskCase>> = {
  "asks in its own name": { change: asked },
  "gives a reason of several lines": { change: ask("memory raised\n\tas agreed\r\n", CLEARER) },
  "gives the longest reason": { change: ask("🙂".repeat(4096), CLEARER) },
  "is a service account": { as: CLEARING_ACCOUNT, change: ask("memory raised", CLEARING_ACCOUNT) },
  "has the right in this namespace only": { as: NAMESPACE_CLEARER, change: ask("memory raised", NAMESPACE_CLEARER) },
  "has the right in all namespaces": { namespace: ELSEWHERE, change: asked },
  "has the right on this execution only": { as: KEEPER, name: KEPT_EXECUTION, change: ask("memory raised", KEEPER) },
  "gives another reason": { before: [asked], change: askOnly("memory doubled") },
  "asks in place of somebody else": {
    before: [asked],
    as: OTHER_CLEARER,
    change: ask("memory doubled", OTHER_CLEARER),
  },
  "repeats what stands there": { before: [asked], change: asked },
  "withdraws what was asked": { before: [asked], change: ask(null, null) },
  "withdraws what was asked but for the name": { before: [asked], change: askOnly(null) },
  "removes a name that was left there": { before: [asked, askOnly(null)], change: nameOnly(null) },
  "withdraws somebody else's asking without the right to ask": { before: [asked], as: EDITOR, change: ask(null, null) },
  "adds another annotation": { before: [asked], as: EDITOR, change: { note: "x" } },
};

export const refusedExecutionAsks: Readonly<Record<string, ExecutionAskCase>> = {
  "asks while it waits": { phase: "Pending", change: asked, refusal: notFailed("Pending") },
  "asks while it runs": { phase: "Running", change: asked, refusal: notFailed("Running") },
  "asks although it succeeded": { phase: "Completed", change: asked, refusal: notFailed("Completed") },
  "asks although it was skipped": { phase: "Skipped", change: asked, refusal: notFailed("Skipped") },
  "asks in somebody else's name": { as: OTHER_CLEARER, change: asked, refusal: mustBeNamed(OTHER_CLEARER) },
  "asks without a name": { change: askOnly("x"), refusal: mustBeNamed(CLEARER) },
  "gives another reason in the name of the one who asked before": {
    before: [asked],
    as: OTHER_CLEARER,
    change: askOnly("memory doubled"),
    refusal: mustBeNamed(OTHER_CLEARER),
  },
  "may change executions but not ask": { as: EDITOR, change: ask("x", EDITOR), refusal: noRight(EDITOR) },
  "has the right in another namespace only": {
    as: NAMESPACE_CLEARER,
    namespace: ELSEWHERE,
    change: ask("x", NAMESPACE_CLEARER),
    refusal: noRight(NAMESPACE_CLEARER, ELSEWHERE),
  },
  "has the right on another execution only": { as: KEEPER, change: ask("x", KEEPER), refusal: noRight(KEEPER) },
  "says nothing": { change: ask("", CLEARER), refusal: REASON_NEEDED },
  "gives a blank reason": { change: ask(" \n\t", CLEARER), refusal: REASON_NEEDED },
  "gives a reason that is too long": { change: ask("x".repeat(4097), CLEARER), refusal: REASON_NEEDED },
  "gives a reason that the audit trail can't hold": {
    change: ask("x\0", CLEARER),
    refusal: NO_CONTROL_CHARACTERS,
  },
  "gives a reason that colours a terminal": {
    change: ask("\u001b[31mx", CLEARER),
    refusal: NO_CONTROL_CHARACTERS,
  },
  "has a name that is too long for the record": {
    as: LONG_NAMED_CLEARER,
    change: ask("x", LONG_NAMED_CLEARER),
    refusal: NAME_TOO_LONG,
  },
  "sets its name only": { change: nameOnly(CLEARER), refusal: NOT_ON_ITS_OWN },
  "puts its name to what somebody else asked": {
    before: [asked],
    as: OTHER_CLEARER,
    change: nameOnly(OTHER_CLEARER),
    refusal: NOT_ON_ITS_OWN,
  },
  "takes the name away from what is asked": { before: [asked], change: nameOnly(null), refusal: NOT_ON_ITS_OWN },
  "changes a name that was left there": {
    before: [asked, askOnly(null)],
    as: OTHER_CLEARER,
    change: nameOnly(OTHER_CLEARER),
    refusal: NOT_ON_ITS_OWN,
  },
};
