import type { Database } from "../../../pkg/audit/append.ts";
import { storyOf, uidsOf } from "../../../pkg/audit/ask/read-stories.ts";
import type { Story } from "../../../pkg/audit/ask/story.ts";
import { readDatabase } from "../../../pkg/audit/read-database.ts";
import type { TraceCommand } from "./parse-trace.ts";
import { renderStory } from "./render-story.ts";
import type { AuditSurroundings } from "./surroundings.ts";

/**
 * Tells what is on record of an execution, or of all that had its name.
 *
 * @throws Error where nothing is
 */
export async function auditTrace(command: TraceCommand, surroundings: AuditSurroundings): Promise<void> {
  const { databaseUrl, print, write, tell } = surroundings;
  const { stories, others } = await readDatabase(databaseUrl(), (client) => readStories(client, command));
  if (stories.length === 0) throw new Error(`nothing is on record of ${nameOf(command)}`);
  if (others > 0) {
    tell(`${String(others + 1)} executions had the name ${nameOf(command)}; this is the newest, --all shows all`);
  }
  if (command.output === "json") write(`${JSON.stringify(stories, null, 2)}\n`);
  else print(stories.map((story) => renderStory(story).join("\n")).join("\n\n"));
}

interface Found {
  /** The newest first. */
  readonly stories: readonly Story[];
  /** How many more had the name. */
  readonly others: number;
}

async function readStories(database: Database, { execution, all }: TraceCommand): Promise<Found> {
  const uids = "uid" in execution ? [execution.uid] : await uidsOf(database, execution.namespace, execution.name);
  const shown = all ? uids : uids.slice(0, 1);
  const stories: Story[] = [];
  for (const uid of shown) {
    const story = await storyOf(database, uid);
    if (story !== undefined) stories.push(story);
  }
  return { stories, others: uids.length - shown.length };
}

function nameOf({ execution }: TraceCommand): string {
  return "uid" in execution ? execution.uid : `${execution.namespace}/${execution.name}`;
}
