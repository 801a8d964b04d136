import { checkKey } from "./check-key.ts";
import { checkLink } from "./check-link.ts";
import type { Link } from "./check-link.ts";
import { checkHolds, checkOwnEvent, expectedEvents, missingOwnEvent } from "./check-own-events.ts";
import type { Expected } from "./check-own-events.ts";
import { checkPartitions } from "./check-partitions.ts";
import { checkSeal, partitionName } from "./check-seal.ts";
import type { TrailFrame, TrailPartition } from "./frame.ts";
import type { Problem } from "./problem.ts";
import { genesisHash } from "./trail-row.ts";
import type { KeyRow, TrailRow } from "./trail-row.ts";

/** What was said of the trail outside of the database: a signed checkpoint, or a receipt in an object of the cluster. */
export interface Anchor {
  readonly seq: number;
  /** Lower-case hex. */
  readonly hash: string;
}

export interface TrailExpectations {
  /** In any order. */
  readonly anchors?: readonly Anchor[];
  /** The trail's own id, as a checkpoint names it. */
  readonly origin?: string;
  /** Begin behind this place, which is known to be right: what is before isn't looked at. */
  readonly from?: Anchor;
}

/**
 * The rules by which a trail is judged, without a database: fed with its rows, oldest first, it says what is wrong first.
 * Remembers the last row only, however many there are.
 */
export class TrailCheck {
  readonly #frame: TrailFrame;
  readonly #base: Link;
  readonly #anchors: readonly Anchor[];
  readonly #partitions: ReadonlyMap<string, TrailPartition>;
  readonly #expected: ReadonlyMap<number, Expected>;
  readonly #origin: string | undefined;
  #last: Link;
  #nextAnchor = 0;
  #rows = 0;

  constructor(frame: TrailFrame, { anchors = [], origin, from }: TrailExpectations = {}) {
    this.#frame = frame;
    this.#origin = origin;
    this.#base = from === undefined ? firstPlace(frame) : { ...from, recordedAt: -Infinity };
    this.#last = this.#base;
    this.#anchors = anchors.toSorted((a, b) => a.seq - b.seq);
    while ((this.#anchors[this.#nextAnchor]?.seq ?? Infinity) < this.#base.seq) this.#nextAnchor += 1;
    this.#partitions = new Map(frame.partitions.map((partition) => [partition.name, partition]));
    this.#expected = expectedEvents(frame);
  }

  /** The last place that was found right; at first, where the rows have to begin. */
  get last(): Link {
    return this.#last;
  }

  /** How many rows were found right. */
  get rows(): number {
    return this.#rows;
  }

  /** Anchors that nothing can be said of: what they speak of was dropped, or is before the place to begin at. */
  get uncheckedAnchors(): number {
    return this.#anchors.filter(({ seq }) => seq < this.#base.seq).length;
  }

  /** Before the first row. */
  begin(): Problem | undefined {
    const { head } = this.#frame;
    if (this.#origin !== undefined && this.#origin !== head.origin) {
      return { kind: "origin", seq: 1, detail: `this is the trail ${head.origin}, not ${this.#origin}` };
    }
    return (
      checkPartitions(this.#frame, genesisHash(head.origin)) ??
      checkHolds(this.#frame, firstPlace(this.#frame).seq) ??
      this.#checkAnchors(this.#base)
    );
  }

  accept(row: TrailRow, key: KeyRow | undefined): Problem | undefined {
    const { seq, rowHash: hash, recordedAt } = row;
    const problem =
      checkLink(this.#last, row) ??
      checkKey(row, key) ??
      checkSeal(row, this.#partitions.get(partitionName(recordedAt))) ??
      checkOwnEvent(row, this.#expected.get(seq)) ??
      this.#checkAnchors({ seq, hash });
    if (problem !== undefined) return problem;
    this.#last = { seq, hash, recordedAt };
    this.#rows += 1;
    return undefined;
  }

  /** After the last row. */
  finish(): Problem | undefined {
    const anchor = this.#anchors[this.#nextAnchor];
    return (
      this.#checkHead() ??
      (anchor === undefined ? undefined : missingRow(anchor)) ??
      this.#checkSealed() ??
      missingOwnEvent(this.#expected, this.#last.seq)
    );
  }

  #checkAnchors({ seq, hash }: Anchor): Problem | undefined {
    for (let anchor = this.#anchors[this.#nextAnchor]; anchor?.seq === seq; anchor = this.#anchors[this.#nextAnchor]) {
      if (anchor.hash !== hash) {
        return { kind: "anchor", seq, detail: `row ${String(seq)} is not the one that was anchored: it was rewritten` };
      }
      this.#nextAnchor += 1;
    }
    return undefined;
  }

  #checkHead(): Problem | undefined {
    const { head } = this.#frame;
    const { seq, hash, recordedAt } = this.#last;
    if (head.seq > seq) {
      return {
        kind: "gap",
        seq: seq + 1,
        detail: `rows ${String(seq + 1)} to ${String(head.seq)} are missing at the end`,
      };
    }
    const isLast = head.seq === seq && head.rowHash === hash && (this.#rows === 0 || head.recordedAt === recordedAt);
    return isLast ? undefined : { kind: "head", seq, detail: `audit.head says that the trail ends elsewhere` };
  }

  /** Whatever was sealed has been passed, and nothing was left unsealed on the way. */
  #checkSealed(): Problem | undefined {
    const { seq, recordedAt } = this.#last;
    const current = this.#rows === 0 ? "" : partitionName(recordedAt);
    for (const { name, sealed } of this.#frame.partitions) {
      const isPassed = sealed === undefined ? name >= current : sealed.lastSeq <= seq;
      if (!isPassed) return { kind: "partition", seq, detail: `partition ${name} is not sealed as it should be` };
    }
    return undefined;
  }
}

/** Where the rows have to begin: behind what was dropped. */
function firstPlace({ head, partitions }: TrailFrame): Link {
  const dropped = partitions.findLast(({ droppedBySeq }) => droppedBySeq !== undefined)?.sealed;
  if (dropped === undefined) return { seq: 0, hash: genesisHash(head.origin), recordedAt: -Infinity };
  return { seq: dropped.lastSeq, hash: dropped.lastHash, recordedAt: -Infinity };
}

function missingRow({ seq }: Anchor): Problem {
  return {
    kind: "anchor",
    seq,
    detail: `row ${String(seq)} was anchored and is missing: the trail was cut, or is an old copy`,
  };
}
