import {
  CANCELLER,
  CANCELLING_ACCOUNT,
  CLEARER,
  CONTROLLER,
  EDITOR,
  ELSEWHERE,
  KEEPER,
  KEPT_EXECUTION,
  LONG_NAMED_CANCELLER,
  NAMESPACE_CANCELLER,
  OTHER_CANCELLER,
} from "./people.ts";

/** Merge patches of spec.cancel that the canceller of executions has sent before, then one of somebody, and what must be said about that. */
export interface CancelCase {
  readonly before?: readonly unknown[];
  /** Who sends it; the canceller unless told otherwise. */
  readonly as?: string;
  /** The UID under which the API server knows them; none unless told otherwise. */
  readonly uid?: string;
  /** The execution's namespace; default unless told otherwise. */
  readonly namespace?: string;
  /** Its name, where it matters. */
  readonly name?: string;
  readonly change: unknown;
  /** Undefined where it must be accepted. */
  readonly refusal?: string;
}

function by(username: string, more: object = {}): unknown {
  return { mode: "Cancel", requestedBy: { username, ...more } };
}
function noRight(user: string, namespace = "default"): string {
  return `403: user "${user}" may not set spec.cancel of WorkflowExecution ${namespace}/NAME: that needs the verb cancel, because a workflow that is stopped half-way may leave payment/deployment/api half changed. Ask for the ClusterRole workflow-execution-canceller, or somebody who has it`;
}
function mustBeNamed(user: string): string {
  return `422: spec.cancel.requestedBy.username must be "${user}", the user who asks for it: it goes on record. Set it with the mode, or leave requestedBy out (in a merge patch: null)`;
}
const NOT_THE_UID = "422: spec.cancel.requestedBy.uid must be the UID of the user who asks for it, or left out";
function notInGroup(user: string, group: string): string {
  return `422: spec.cancel.requestedBy.groups must be groups of user "${user}", who asks for it, not ${group}`;
}

const cancel = { mode: "Cancel" };
const stop = { mode: "StopRunFinally", reason: "wrong target", requestedBy: { username: CANCELLER } };

export const acceptedCancels: Readonly<Record<string, CancelCase>> = {
  "gives no name": { change: cancel },
  "gives its own name": { change: by(CANCELLER) },
  "gives its own name and UID": { uid: "uid-carl", change: by(CANCELLER, { uid: "uid-carl" }) },
  "has a UID and gives only its name": { uid: "uid-carl", change: by(CANCELLER) },
  "gives an empty UID": { change: by(CANCELLER, { uid: "" }) },
  "gives all its groups": {
    as: CANCELLING_ACCOUNT,
    change: by(CANCELLING_ACCOUNT, {
      groups: ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"],
    }),
  },
  "gives one of its groups": {
    as: CANCELLING_ACCOUNT,
    change: by(CANCELLING_ACCOUNT, { groups: ["system:serviceaccounts:default"] }),
  },
  "has the right in this namespace only": { as: NAMESPACE_CANCELLER, change: by(NAMESPACE_CANCELLER) },
  "has the right in all namespaces": { namespace: ELSEWHERE, change: cancel },
  "has the right on this execution only": { as: KEEPER, name: KEPT_EXECUTION, change: by(KEEPER) },
  "has a name that is too long for the record, and gives none": { as: LONG_NAMED_CANCELLER, change: cancel },
  "makes it stronger": { before: [stop], change: cancel },
  "makes it stronger in place of somebody else": { before: [stop], as: OTHER_CANCELLER, change: by(OTHER_CANCELLER) },
  "makes it stronger in place of somebody else, without a name": {
    before: [stop],
    as: OTHER_CANCELLER,
    change: { mode: "Cancel", requestedBy: null },
  },
  "repeats what stands there, whoever asks": { before: [stop], as: EDITOR, change: stop },
};

export const refusedCancels: Readonly<Record<string, CancelCase>> = {
  "may change executions but not cancel them": { as: EDITOR, change: cancel, refusal: noRight(EDITOR) },
  "may lift blocks but not cancel": { as: CLEARER, change: cancel, refusal: noRight(CLEARER) },
  "is the controller": { as: CONTROLLER, change: cancel, refusal: noRight(CONTROLLER) },
  "has the right in another namespace only": {
    as: NAMESPACE_CANCELLER,
    namespace: ELSEWHERE,
    change: cancel,
    refusal: noRight(NAMESPACE_CANCELLER, ELSEWHERE),
  },
  "has the right on another execution only": { as: KEEPER, change: cancel, refusal: noRight(KEEPER) },
  "makes it stronger without the right": { before: [stop], as: EDITOR, change: cancel, refusal: noRight(EDITOR) },
  "gives somebody else's name": { change: by(OTHER_CANCELLER), refusal: mustBeNamed(CANCELLER) },
  "makes it stronger in the name of the one who asked before": {
    before: [stop],
    as: OTHER_CANCELLER,
    change: cancel,
    refusal: mustBeNamed(OTHER_CANCELLER),
  },
  "gives somebody else's UID": {
    uid: "uid-carl",
    change: by(CANCELLER, { uid: "uid-cora" }),
    refusal: NOT_THE_UID,
  },
  "gives a UID and has none": { change: by(CANCELLER, { uid: "uid-carl" }), refusal: NOT_THE_UID },
  "gives a group that it isn't in": {
    as: CANCELLING_ACCOUNT,
    change: by(CANCELLING_ACCOUNT, { groups: ["system:serviceaccounts", "system:masters"] }),
    refusal: notInGroup(CANCELLING_ACCOUNT, "system:masters"),
  },
};

/** What may stand in spec.cancel. */
export const acceptedContents: Readonly<Record<string, unknown>> = {
  "has a mode only": cancel,
  "has the longest reason": { ...cancel, reason: "🙂".repeat(1024) },
  "has a reason of several lines": { ...cancel, reason: "wrong target\n\tas agreed\r\n" },
  "has an empty reason": { ...cancel, reason: "" },
};

/** What may not, and what the API server says. */
export const refusedContents: Readonly<
  Record<string, { readonly cancel: unknown; readonly refusals: readonly string[] }>
> = {
  "has no mode": { cancel: { reason: "x" }, refusals: ["spec.cancel.mode: Required value"] },
  "has a mode in Tekton's words": {
    cancel: { mode: "CancelledRunFinally" },
    refusals: [
      'spec.cancel.mode: Unsupported value: "CancelledRunFinally": supported values: "StopRunFinally", "CancelRunFinally", "Cancel"',
    ],
  },
  "has a reason that is too long": {
    cancel: { ...cancel, reason: "x".repeat(1025) },
    refusals: ["spec.cancel.reason: Too long: may not be more than 1024 bytes"],
  },
  "has a reason that the audit trail can't hold": {
    cancel: { ...cancel, reason: "x\0" },
    refusals: [
      'spec.cancel.reason: Invalid value: "x\\x00": must not contain control characters other than tabs and line breaks',
    ],
  },
  "has a reason that colours a terminal": {
    cancel: { ...cancel, reason: "\u001b[31mx" },
    refusals: [
      'spec.cancel.reason: Invalid value: "\\x1b[31mx": must not contain control characters other than tabs and line breaks',
    ],
  },
  "is asked for by nobody": {
    cancel: { ...cancel, requestedBy: {} },
    refusals: ["spec.cancel.requestedBy.username: Required value"],
  },
  "is asked for by somebody without a name": {
    cancel: by(""),
    refusals: [
      'spec.cancel.requestedBy.username: Invalid value: "": spec.cancel.requestedBy.username in body should be at least 1 chars long',
    ],
  },
  "is asked for by somebody whose name is too long for the record": {
    cancel: by("x".repeat(1025)),
    refusals: ["spec.cancel.requestedBy.username: Too long: may not be more than 1024 bytes"],
  },
  "is asked for by somebody whose name has several lines": {
    cancel: by("x\ny"),
    refusals: ['spec.cancel.requestedBy.username: Invalid value: "x\\ny": must not contain control characters'],
  },
  "is asked for by somebody with too many groups": {
    cancel: by("x", { groups: Array.from({ length: 33 }, (_, index) => `group-${String(index)}`) }),
    refusals: ["spec.cancel.requestedBy.groups: Too many: 33: must have at most 32 items"],
  },
};
