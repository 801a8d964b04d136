import { MAX_RELATED } from "../../../pkg/audit/ask/story.ts";
import type { Story, StoryEvent } from "../../../pkg/audit/ask/story.ts";
import type { ExecutionRecord } from "../../../pkg/audit/ask/execution-record.ts";
import { oneLine } from "../output/one-line.ts";
import { renderTable } from "../output/render-table.ts";
import { secondsOf } from "../output/seconds-of.ts";

/** A story as people read it: a heading, each event with what is new in it, and the other attempts. */
export function renderStory(story: Story): readonly string[] {
  return [...heading(story), "", ...told(story.events), ...related(story.sameRemediation)];
}

function heading({ uid, events }: Story): readonly string[] {
  const first = events.find((event) => event.wfe_uid === uid);
  const last = events.findLast((event) => event.wfe_uid === uid);
  if (first === undefined || last === undefined) return [];
  const why = first.rationale === null ? [] : [`  because: ${oneLine(first.rationale)}`];
  return [
    `${first.namespace}/${first.wfe_name} (uid ${uid})`,
    `  ${`${first.workflow_id} ${first.workflow_version}`.trim()} on ${last.target}, for ${first.correlation_id}`,
    ...why,
  ];
}

/** A fact is told once: with the first event that has it, and again where it has changed. */
function told(events: readonly StoryEvent[]): readonly string[] {
  const known = new Map<string, string>();
  const lines = renderTable(["WHEN", "WHAT", "OUTCOME", "WHY", "WHO", "SEQ"], events.map(cellsOf), Infinity);
  return [lines[0] ?? "", ...events.flatMap((event, index) => [lines[index + 1] ?? "", ...newFacts(event, known)])];
}

function cellsOf(event: StoryEvent): readonly string[] {
  const what = event.event_type.replace(/^workflowexecution\.(workflow\.)?/, "");
  return [
    secondsOf(event.occurred_at),
    event.namespace === "" ? `${what} on lock ${event.wfe_name}` : what,
    event.outcome,
    event.reason ?? "",
    event.actor ?? "",
    String(event.seq),
  ];
}

function newFacts({ facts, target }: StoryEvent, known: Map<string, string>): readonly string[] {
  // Both have their place already.
  const { actor: _actor, targetResource = target, ...others } = facts;
  const news = Object.entries({ ...others, ...(targetResource === target ? {} : { targetResource }) })
    .filter(([name, value]) => known.get(name) !== value)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, value] of news) known.set(name, value);
  return news.map(([name, value]) => `    ${oneLine(name)}: ${oneLine(value)}`);
}

function related(executions: readonly ExecutionRecord[]): readonly string[] {
  if (executions.length === 0) return [];
  const rows = executions.map((execution) => [
    secondsOf(execution.created_at),
    `${execution.namespace}/${execution.name}`,
    execution.phase,
    execution.outcome ?? "",
    execution.failure_reason ?? execution.skip_reason ?? "",
    execution.id,
  ]);
  const title = `For the same remediation${executions.length < MAX_RELATED ? "" : `, the newest ${String(MAX_RELATED)}`}:`;
  return ["", title, ...renderTable(["CREATED", "EXECUTION", "PHASE", "OUTCOME", "WHY", "UID"], rows, Infinity)];
}
