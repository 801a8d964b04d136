import type { Database } from "../append.ts";
import { findUids } from "../sql/find-uids.ts";
import { readStory } from "../sql/read-story.ts";
import { queryExecutions } from "./query-executions.ts";
import { MAX_RELATED } from "./story.ts";
import type { Story, StoryEvent } from "./story.ts";

/** pg gives a bigint as a text. */
type StoryRow = Omit<StoryEvent, "seq"> & { readonly seq: string };

/** The executions that had this name, by uid, the newest first: a name can be used again. */
export async function uidsOf(database: Database, namespace: string, name: string): Promise<readonly string[]> {
  const { rows } = await database.query(findUids, [namespace, name]);
  return (rows as readonly { readonly uid: string }[]).map(({ uid }) => uid);
}

/** The story of one execution; undefined where nothing is on record of it. */
export async function storyOf(database: Database, uid: string): Promise<Story | undefined> {
  const { rows } = await database.query(readStory, [uid]);
  const events: readonly StoryEvent[] = (rows as readonly StoryRow[]).map((event) => ({
    ...event,
    seq: Number(event.seq),
  }));
  const correlationId = events.find(({ wfe_uid: of }) => of === uid)?.correlation_id;
  if (correlationId === undefined) return undefined;
  const related = await queryExecutions(database, { correlationId, limit: MAX_RELATED + 1 });
  return { uid, events, sameRemediation: related.filter(({ id }) => id !== uid).slice(0, MAX_RELATED) };
}
