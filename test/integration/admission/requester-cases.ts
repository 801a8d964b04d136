import { EDITOR, ORCHESTRATOR } from "./people.ts";

/** What an execution says of who asks for it, who creates it, and what must be said about that. */
export interface RequesterCase {
  /** Who creates it; an editor of executions unless told otherwise. */
  readonly as?: string;
  /** The UID under which the API server knows them; none unless told otherwise. */
  readonly uid?: string;
  /** Absent where nobody is named. */
  readonly requestedBy?: unknown;
  /** Undefined where it must be accepted. */
  readonly refusal?: string;
}

function mustBeNamed(user: string): string {
  return `422: spec.requestedBy.username must be "${user}", the user who creates the execution: it goes on record. Leave requestedBy out where nobody is to be named`;
}
function notInGroup(user: string, group: string): string {
  return `422: spec.requestedBy.groups must be groups of user "${user}", who creates the execution, not ${group}`;
}
const NOT_THE_UID = "422: spec.requestedBy.uid must be the UID of the user who creates the execution, or left out";

export const acceptedRequesters: Readonly<Record<string, RequesterCase>> = {
  "names nobody": {},
  "gives its own name": { requestedBy: { username: EDITOR } },
  "gives its own name and UID": { uid: "uid-eve", requestedBy: { username: EDITOR, uid: "uid-eve" } },
  "has a UID and gives only its name": { uid: "uid-eve", requestedBy: { username: EDITOR } },
  "gives an empty UID": { requestedBy: { username: EDITOR, uid: "" } },
  "gives all its groups": {
    as: ORCHESTRATOR,
    requestedBy: {
      username: ORCHESTRATOR,
      groups: ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"],
    },
  },
  "gives one of its groups": {
    as: ORCHESTRATOR,
    requestedBy: { username: ORCHESTRATOR, groups: ["system:serviceaccounts:default"] },
  },
  "gives no group": { as: ORCHESTRATOR, requestedBy: { username: ORCHESTRATOR, groups: [] } },
};

export const refusedRequesters: Readonly<Record<string, RequesterCase>> = {
  "gives somebody else's name": { requestedBy: { username: ORCHESTRATOR }, refusal: mustBeNamed(EDITOR) },
  "gives its own name in capitals": {
    requestedBy: { username: EDITOR.toUpperCase() },
    refusal: mustBeNamed(EDITOR),
  },
  "gives somebody else's UID": {
    uid: "uid-eve",
    requestedBy: { username: EDITOR, uid: "uid-ann" },
    refusal: NOT_THE_UID,
  },
  "gives a UID and has none": { requestedBy: { username: EDITOR, uid: "uid-eve" }, refusal: NOT_THE_UID },
  "gives a group that it isn't in": {
    as: ORCHESTRATOR,
    requestedBy: { username: ORCHESTRATOR, groups: ["system:serviceaccounts", "system:masters"] },
    refusal: notInGroup(ORCHESTRATOR, "system:masters"),
  },
};
