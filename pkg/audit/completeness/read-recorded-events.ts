import type { Database } from "../append.ts";
import { droppedTo } from "../sql/dropped-to.ts";
import { readEventsOf, readRecordedEvents } from "../sql/read-recorded-events.ts";
import type { RecordedEvent } from "./recorded-event.ts";

/** pg gives a bigint as a text. */
type Row = Omit<RecordedEvent, "seq"> & { readonly seq: string };

/** Nothing has an empty uid. */
const beforeAll = { uid: "", ordinal: 0, seq: 0 };

/**
 * All events of executions and target locks, by uid and ordinal, a page in memory at a time.
 *
 * @param clusterId only those of this cluster; undefined for all
 */
export async function* recordedEvents(
  database: Database,
  clusterId: string | undefined,
  pageRows = 5_000,
): AsyncGenerator<RecordedEvent> {
  let last: Pick<RecordedEvent, "uid" | "ordinal" | "seq"> = beforeAll;
  for (;;) {
    const values = [last.uid, last.ordinal, last.seq, pageRows, clusterId ?? null];
    const page = eventsOf((await database.query(readRecordedEvents, values)).rows);
    yield* page;
    last = page.at(-1) ?? last;
    if (page.length < pageRows) return;
  }
}

/** The events of one execution or target lock, by ordinal. */
export async function recordedEventsOf(database: Database, uid: string): Promise<readonly RecordedEvent[]> {
  return eventsOf((await database.query(readEventsOf, [uid])).rows);
}

/** The last row that was dropped with its month; 0 where none was. */
export async function lastDropped(database: Database): Promise<number> {
  const [row] = (await database.query(droppedTo, [])).rows as readonly { readonly seq: string }[];
  return Number(row?.seq ?? 0);
}

function eventsOf(rows: readonly unknown[]): readonly RecordedEvent[] {
  return (rows as readonly Row[]).map((row) => ({ ...row, seq: Number(row.seq) }));
}
