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
import { CLEARER, CLEARING_ACCOUNT, EDITOR, KEEPER, LONG_NAMED_CLEARER, KEPT_LOCK, OTHER_CLEARER } from "./people.ts";

/** The same for a lock. */
export interface LockAskCase extends AskCase {
  /** Name of the lock, where it matters. */
  readonly lock?: string;
  /** Whether the lock blocks nothing. */
  readonly nothingBlocked?: boolean;
}

/** The target of every lock of these cases. */
export const LOCKED_TARGET = "payment/deployments.apps/blocked";

function noRight(user: string): string {
  return `403: user "${user}" may not set metadata.annotations[kubernaut.ai/clear-execution-block] of TargetLock LOCK (${LOCKED_TARGET}): that needs the verb clear, because a workflow that failed may act on the target again afterwards. Ask for the ClusterRole workflow-execution-block-clearer, or somebody who has it`;
}
function notBlocked(blocked: string): string {
  return `422: metadata.annotations[kubernaut.ai/clear-execution-block] must be "<workflowId>: <reason>" with a workflow that is blocked on ${LOCKED_TARGET}; blocked now: ${blocked}`;
}
const BLOCKED = "restart-deployment, increase-memory, team: patch";
const REASON_NEEDED =
  '422: metadata.annotations[kubernaut.ai/clear-execution-block] must give a reason after "<workflowId>: ", of at most 4096 characters: it goes on record';

const asked = ask("restart-deployment: memory raised", CLEARER);

export const acceptedLockAsks: Readonly<Record<string, LockAskCase>> = {
  "asks in its own name for a workflow that ran and failed": { change: asked },
  "asks for a workflow that failed too often before it ran": { change: ask("increase-memory: quota raised", CLEARER) },
  "asks for a workflow whose name contains the separator": { change: ask("team: patch: looked at it", CLEARER) },
  "gives a reason of several lines": { change: ask("restart-deployment: memory raised\n\tas agreed\r\n", CLEARER) },
  "gives the longest reason": { change: ask(`restart-deployment: ${"🙂".repeat(4096)}`, CLEARER) },
  "is a service account": {
    as: CLEARING_ACCOUNT,
    change: ask("restart-deployment: memory raised", CLEARING_ACCOUNT),
  },
  "has the right on this lock only": {
    as: KEEPER,
    lock: KEPT_LOCK,
    change: ask("restart-deployment: memory raised", KEEPER),
  },
  "gives another reason": { before: [asked], change: askOnly("restart-deployment: memory doubled") },
  "asks in place of somebody else": {
    before: [asked],
    as: OTHER_CLEARER,
    change: ask("increase-memory: quota raised", OTHER_CLEARER),
  },
  "repeats what stands there": { before: [asked], change: asked },
  "withdraws what was asked": { before: [asked], change: ask(null, null) },
  "withdraws what was asked but for the name": { before: [asked], change: askOnly(null) },
  "removes a name that was left there": { before: [asked, askOnly(null)], change: nameOnly(null) },
  "asks where a name was left": {
    before: [asked, askOnly(null)],
    as: OTHER_CLEARER,
    change: ask("increase-memory: quota raised", OTHER_CLEARER),
  },
  "withdraws somebody else's asking without the right to ask": { before: [asked], as: EDITOR, change: ask(null, null) },
};

export const refusedLockAsks: Readonly<Record<string, LockAskCase>> = {
  "asks in somebody else's name": {
    as: OTHER_CLEARER,
    change: asked,
    refusal: mustBeNamed(OTHER_CLEARER),
  },
  "asks without a name": { change: askOnly("restart-deployment: x"), refusal: mustBeNamed(CLEARER) },
  "asks for something else in the name of the one who asked before": {
    before: [asked],
    as: OTHER_CLEARER,
    change: askOnly("increase-memory: quota raised"),
    refusal: mustBeNamed(OTHER_CLEARER),
  },
  "may change locks but not ask": {
    as: EDITOR,
    change: ask("restart-deployment: x", EDITOR),
    refusal: noRight(EDITOR),
  },
  "has the right on another lock only": {
    as: KEEPER,
    change: ask("restart-deployment: x", KEEPER),
    refusal: noRight(KEEPER),
  },
  "names a workflow that is remembered but not blocked": {
    change: ask("scale-up: x", CLEARER),
    refusal: notBlocked(BLOCKED),
  },
  "names a workflow of which nothing is known": { change: ask("drain: x", CLEARER), refusal: notBlocked(BLOCKED) },
  "names a workflow where none is blocked": {
    nothingBlocked: true,
    change: ask("restart-deployment: x", CLEARER),
    refusal: notBlocked("none"),
  },
  "names no workflow": { change: ask("memory raised", CLEARER), refusal: notBlocked(BLOCKED) },
  "gives a workflow only": { change: ask("restart-deployment", CLEARER), refusal: notBlocked(BLOCKED) },
  "leaves out the space": { change: ask("restart-deployment:x", CLEARER), refusal: notBlocked(BLOCKED) },
  "says nothing": { change: ask("", CLEARER), refusal: notBlocked(BLOCKED) },
  "gives no reason": { change: ask("restart-deployment: ", CLEARER), refusal: REASON_NEEDED },
  "gives a blank reason": { change: ask("restart-deployment:  \n\t ", CLEARER), refusal: REASON_NEEDED },
  "gives a reason that is too long": {
    change: ask(`restart-deployment: ${"x".repeat(4097)}`, CLEARER),
    refusal: REASON_NEEDED,
  },
  "gives a reason that the audit trail can't hold": {
    change: ask("restart-deployment: x\0", CLEARER),
    refusal: NO_CONTROL_CHARACTERS,
  },
  "gives a reason that colours a terminal": {
    change: ask("restart-deployment: \u001b[31mx", CLEARER),
    refusal: NO_CONTROL_CHARACTERS,
  },
  "has a name that is too long for the record": {
    as: LONG_NAMED_CLEARER,
    change: ask("restart-deployment: x", LONG_NAMED_CLEARER),
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
  "adds another annotation": {
    change: { ...asked, note: "x" },
    refusal: `403: user "${CLEARER}" may not change metadata.annotations[note] of TargetLock LOCK (${LOCKED_TARGET}): that needs the verb record, which only the controller should have. With a record that it did not write itself two workflows can act on the target at once. Delete the execution that holds the lock instead, or ask for a block to be lifted with the annotations kubernaut.ai/clear-execution-block and kubernaut.ai/cleared-by`,
  },
};
