/**
 * What the ConfigMap of checkpoints has under its keys:
 *
 *   checkpoint                       the newest one
 *   older.2026-03-01T09              the last one of an hour before, of 24 such hours
 *   lost.2026-03-01T09-59-09.123Z    one that the trail no longer agrees with, by its time; the last 24
 *
 * With the older ones a cut is found even where the newest was made after it.
 */
import { parseCheckpoint, type WrittenCheckpoint } from "./checkpoint.ts";

type Data = Readonly<Record<string, string>>;

/** What was said of the trail until now. */
export interface CheckpointRecord {
  readonly newest: WrittenCheckpoint | undefined;
  /** Oldest first. */
  readonly older: readonly WrittenCheckpoint[];
  /** Known not to be true any more, oldest first. */
  readonly lost: readonly WrittenCheckpoint[];
  /** Keys whose text is no checkpoint. */
  readonly unreadable: readonly string[];
}

const KEPT = 24;
const NEWEST = "checkpoint";

/** Reads the data of the ConfigMap; empty where nothing was ever written. */
export function readRecord(data: Data = {}): CheckpointRecord {
  const keys = Object.keys(data).sort();
  return {
    newest: parseCheckpoint(data[NEWEST] ?? ""),
    older: group("older."),
    lost: group("lost."),
    unreadable: keys.filter((key) => parseCheckpoint(data[key] ?? "") === undefined),
  };

  function group(prefix: string): readonly WrittenCheckpoint[] {
    return keys.filter((key) => key.startsWith(prefix)).flatMap((key) => parseCheckpoint(data[key] ?? "") ?? []);
  }
}

/**
 * The data with one checkpoint more.
 *
 * @param lost those of the record that the trail contradicts by now: they are kept, but apart
 */
export function writeRecord(
  record: CheckpointRecord,
  next: WrittenCheckpoint,
  lost: readonly WrittenCheckpoint[],
): Data {
  const { newest } = record;
  const before = newest === undefined || hourOf(newest) === hourOf(next) ? [] : [newest];
  const older = [...record.older, ...before].filter((checkpoint) => !lost.includes(checkpoint));
  return {
    [NEWEST]: next.text,
    ...lastOf(older.map((checkpoint) => [`older.${hourOf(checkpoint)}`, checkpoint.text])),
    ...lastOf([...record.lost, ...lost].map(({ time, text }) => [`lost.${time.replaceAll(":", "-")}`, text])),
  };
}

function hourOf({ time }: WrittenCheckpoint): string {
  return time.slice(0, "2026-03-01T09".length);
}

/** By their keys, which are times. */
function lastOf(entries: readonly (readonly [string, string])[]): Data {
  const byKey = Object.entries(Object.fromEntries(entries)).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(byKey.slice(-KEPT));
}
