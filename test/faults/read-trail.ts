import { select } from "../integration/audit/migrated-database.ts";

/** A row of the trail, as far as it repeats an event of an outbox. */
export interface RecordedEvent {
  readonly seq: number;
  readonly eventId: string;
  readonly uid: string;
  readonly name: string;
  readonly ordinal: number;
  readonly type: string;
  /** RFC 3339. */
  readonly at: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly facts: Readonly<Record<string, string>>;
}

const COLUMNS = `seq::int, event_id AS "eventId", wfe_uid AS uid, wfe_name AS name, ordinal, event_type AS type,
  to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, outcome, reason, facts`;

/** All rows of executions and locks, in their order. Not those that the trail has of itself. */
export async function readTrail(url: string): Promise<readonly RecordedEvent[]> {
  const rows = await select(
    url,
    `SELECT ${COLUMNS} FROM audit.events WHERE event_type LIKE 'workflowexecution.%' ORDER BY seq`,
  );
  return rows as unknown as readonly RecordedEvent[];
}

/** The rows of one kind that the trail has of itself, such as `chain.fork`. */
export async function readOwnEvents(url: string, type: string): Promise<readonly RecordedEvent[]> {
  const rows = await select(url, `SELECT ${COLUMNS} FROM audit.events WHERE event_type = '${type}' ORDER BY seq`);
  return rows as unknown as readonly RecordedEvent[];
}
