import type { Problem, ProblemKind } from "./problem.ts";
import { computeRowHash, valueOf } from "./trail-row.ts";
import type { TrailRow } from "./trail-row.ts";

/** A place in the chain: everything up to it is known to be right. */
export interface Link {
  readonly seq: number;
  readonly hash: string;
  /** Microseconds since 1970. */
  readonly recordedAt: number;
}

/** Whether a row is as it was recorded, and follows the one before. */
export function checkLink(before: Link, row: TrailRow): Problem | undefined {
  const { seq } = row;
  if (seq <= before.seq) {
    return linkProblem(
      "duplicate",
      seq,
      `there is another row ${String(seq)} than the one that was recorded, or none was`,
    );
  }
  if (seq !== before.seq + 1) {
    return linkProblem("gap", before.seq + 1, `rows ${String(before.seq + 1)} to ${String(seq - 1)} are missing`);
  }
  const encoding = valueOf(row, "encoding");
  if (encoding !== "1") return linkProblem("encoding", seq, `row ${String(seq)} has encoding ${String(encoding)}`);
  if (computeRowHash(row) !== row.rowHash) {
    return linkProblem("row-hash", seq, `row ${String(seq)} is not as it was recorded`);
  }
  if (row.prevHash !== before.hash) {
    return linkProblem("chain", seq, `row ${String(seq)} doesn't follow the row before it`);
  }
  if (row.recordedAt < before.recordedAt) {
    return linkProblem("time", seq, `row ${String(seq)} was recorded before the row before it`);
  }
  return undefined;
}

function linkProblem(kind: ProblemKind, seq: number, detail: string): Problem {
  return { kind, seq, detail };
}
