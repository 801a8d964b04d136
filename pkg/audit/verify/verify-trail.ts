import { explainLoss } from "./explain-loss.ts";
import type { Problem } from "./problem.ts";
import { readFrame } from "./read-frame.ts";
import { keysOf, pageOfRows } from "./read-rows.ts";
import type { TrailReader } from "./read-rows.ts";
import { TrailCheck } from "./trail-check.ts";
import type { TrailExpectations } from "./trail-check.ts";
import type { KeyRow, TrailRow } from "./trail-row.ts";

export interface VerifyOptions extends TrailExpectations {
  /** How many rows are in memory at a time; default 1000. */
  readonly pageRows?: number;
  /** Told after every page how many rows were found right. */
  readonly onProgress?: (rows: number) => void;
}

export interface Verdict {
  /** The first thing that is wrong. Without it, the trail is right as far as it can be known from what was given. */
  readonly problem: Problem | undefined;
  /** How many rows were found right. */
  readonly rows: number;
  /** The last row that was found right: what a checkpoint says. */
  readonly last: { readonly seq: number; readonly hash: string };
  readonly origin: string;
  /** Anchors of which nothing can be said, because their rows were dropped after their time. */
  readonly uncheckedAnchors: number;
}

/**
 * Verifies the trail with memory for one page of rows, however long it is. Uses the tables and PostgreSQL's own functions,
 * none of the trail's.
 *
 * @param reader a connection in a transaction of level REPEATABLE READ, so that all is of one moment; it may be one of
 *   audit_reader
 */
export async function verifyTrail(reader: TrailReader, options: VerifyOptions = {}): Promise<Verdict> {
  const frame = await readFrame(reader);
  const check = new TrailCheck(frame, options);
  const found = check.begin() ?? (await checkRows(reader, check, options)) ?? check.finish();
  const problem = await explainLoss(reader, found);
  const { seq, hash } = check.last;
  const { rows, uncheckedAnchors } = check;
  return { problem, rows, last: { seq, hash }, origin: frame.head.origin, uncheckedAnchors };
}

async function checkRows(reader: TrailReader, check: TrailCheck, options: VerifyOptions): Promise<Problem | undefined> {
  const limit = options.pageRows ?? 1_000;
  // Also what is before the first row, where nothing must be; where the place to begin is given, that isn't looked at.
  let after = options.from === undefined ? Number.MIN_SAFE_INTEGER : check.last.seq;
  for (;;) {
    const { rows, keys, isLast } = await readPage(reader, { after, isFirst: check.rows === 0, limit });
    const problem = checkPage(check, rows, keys);
    if (problem !== undefined) return problem;
    options.onProgress?.(check.rows);
    if (isLast) return undefined;
    after = check.last.seq;
  }
}

interface Page {
  readonly rows: readonly TrailRow[];
  readonly keys: readonly KeyRow[];
  readonly isLast: boolean;
}

interface PageStart {
  readonly after: number;
  readonly isFirst: boolean;
  readonly limit: number;
}

async function readPage(reader: TrailReader, { after, isFirst, limit }: PageStart): Promise<Page> {
  // Once more from the last row on: a second one with its number would be skipped otherwise.
  const page = await pageOfRows(reader, isFirst ? after + 1 : after, limit + 1);
  const isLast = page.length <= limit;
  const rows = isFirst ? page : page.slice(1);
  // Behind the last row, there must be no more keys either.
  const to = isLast ? Number.MAX_SAFE_INTEGER : (rows.at(-1)?.seq ?? after);
  return { rows, isLast, keys: await keysOf(reader, { after, to, limit: rows.length + 1 }) };
}

function checkPage(check: TrailCheck, rows: readonly TrailRow[], keys: readonly KeyRow[]): Problem | undefined {
  const unused = new Map(keys.map((key) => [key.seq, key]));
  for (const row of rows) {
    const problem = check.accept(row, unused.get(row.seq));
    if (problem !== undefined) return problem;
    unused.delete(row.seq);
  }
  if (unused.size === 0 && keys.length === rows.length) return undefined;
  const seq = Math.min(...unused.keys(), check.last.seq + 1);
  return { kind: "keys", seq, detail: `audit.keys has more than there are rows, from row ${String(seq)} on` };
}
