import type { Requester } from "../api/workflow-execution.ts";
import { isShortEnough } from "../tekton/clean-text.ts";
import type { NewEvent } from "./outbox.ts";

/**
 * Who did what an event tells of, under the names of the facts that become the columns actor, actor_uid and actor_groups.
 * Admission has compared all of it with the authenticated user. Nothing where nobody is named. Groups that don't fit into
 * a fact are left out, the last ones first.
 */
export function actorFacts(requester: Requester | undefined): NewEvent["facts"] {
  if (requester === undefined) return {};
  const { username, uid, groups } = requester;
  return {
    actor: username,
    actorUid: uid === "" ? undefined : uid,
    actorGroups: groups === undefined ? undefined : listOf(groups),
  };
}

function listOf(groups: readonly string[]): string {
  const lists = groups.map((_group, index) => JSON.stringify(groups.slice(0, groups.length - index)));
  // Half a JSON text can't be read: it must not be cut where it is written down.
  return lists.find(isShortEnough) ?? "[]";
}
