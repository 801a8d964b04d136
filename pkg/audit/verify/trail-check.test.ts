import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aFrame, aTrailRow, keyOf, ORIGIN, trailRows } from "../../../test/support/audited-trail.ts";
import type { PartitionSeal, TrailFrame, TrailPartition } from "./frame.ts";
import type { Problem } from "./problem.ts";
import { TrailCheck } from "./trail-check.ts";
import type { TrailExpectations } from "./trail-check.ts";
import { genesisHash } from "./trail-row.ts";
import type { KeyRow, TrailRow } from "./trail-row.ts";

const rows = trailRows({}, {}, {}, {});
const [first, second, third, fourth] = rows as [TrailRow, TrailRow, TrailRow, TrailRow];

interface Case {
  readonly rows?: readonly TrailRow[];
  readonly frame?: TrailFrame;
  readonly expectations?: TrailExpectations;
  readonly keys?: (row: TrailRow) => KeyRow | undefined;
}

function judge({ rows: given = rows, frame = aFrame(given), expectations, keys = keyOf }: Case) {
  const check = new TrailCheck(frame, expectations);
  let problem: Problem | undefined = check.begin();
  for (const row of given) problem ??= check.accept(row, keys(row));
  problem ??= check.finish();
  return { problem, check };
}

function kindAndSeq(one: Case): string {
  const { problem } = judge(one);
  return problem === undefined ? "right" : `${problem.kind} ${String(problem.seq)}`;
}

/** January: rows 1 and 2, February: none, March: the others. */
const months = trailRows(
  { recorded_at: String(Date.parse("2026-01-01T00:00:00Z") * 1000) },
  { recorded_at: String(Date.parse("2026-02-01T00:00:00Z") * 1000 - 1) },
  {},
  {},
);
const [, endOfJanuary] = months as [TrailRow, TrailRow];
const january: PartitionSeal = {
  firstSeq: 1,
  prevHash: genesisHash(ORIGIN),
  lastSeq: 2,
  lastHash: endOfJanuary.rowHash,
};
const february: PartitionSeal = { ...january, firstSeq: 3, prevHash: january.lastHash };

function part(name: string, sealed?: PartitionSeal, droppedBySeq?: number): TrailPartition {
  return { name: `events_${name}`, isAttached: droppedBySeq === undefined, sealed, droppedBySeq };
}

const parts = [part("202601", january), part("202602", february), part("202603"), part("202604")];

function monthly(partitions: readonly TrailPartition[], given: readonly TrailRow[] = months): Case {
  return { rows: given, frame: aFrame(given, { partitions }) };
}

function retentionFacts(lastSeq: number): string {
  return JSON.stringify({
    partition: "events_202601",
    firstSeq: "1",
    lastSeq: String(lastSeq),
    lastHash: january.lastHash,
  });
}

/** January is dropped, which row 4 says. */
function dropped(facts: string, type = "audit.retention"): Case {
  const kept = [aTrailRow(endOfJanuary, {})];
  kept.push(aTrailRow(kept[0], { event_type: type, facts }));
  return monthly([part("202601", january, 4), part("202602", february), part("202603")], kept);
}

const hold = { holdId: "h", from: "1", to: "2", reason: "case 7", placedSeq: 2, releasedSeq: 3 };
const held = trailRows(
  {},
  { event_type: "audit.hold.placed", reason: "case 7", facts: '{"to": "2", "from": "1", "holdId": "h"}' },
  { event_type: "audit.hold.released", reason: "closed", facts: '{"holdId": "h"}' },
);

describe("a trail", () => {
  const trails: Readonly<Record<string, readonly [Case, string]>> = {
    "without rows is right": [{ rows: [] }, "right"],
    "as it was recorded is right": [{}, "right"],
    "with a column that was changed": [{ rows: [first, { ...second, values: third.values }, third] }, "row-hash 2"],
    "with a changed row that was given its own hash": [
      { rows: [first, aTrailRow(first, { reason: "x" }), third, fourth] },
      "chain 3",
    ],
    "with a row that follows another": [{ rows: [first, aTrailRow({ seq: 1, rowHash: "00" })] }, "chain 2"],
    "without a row in the middle": [{ rows: [first, third, fourth] }, "gap 2"],
    "without the first row": [{ rows: [second, third, fourth] }, "gap 1"],
    "without the last row": [{ rows: [first, second, third], frame: aFrame(rows) }, "gap 4"],
    "without any row": [{ rows: [], frame: aFrame(rows) }, "gap 1"],
    "with a number twice": [{ rows: [first, second, second, third] }, "duplicate 2"],
    "with a row before the first": [{ rows: [aTrailRow({ seq: -1, rowHash: "00" }), ...rows] }, "duplicate 0"],
    "that goes on beyond its head": [{ frame: aFrame([first, second, third]) }, "head 4"],
    "with another hash in its head": [
      { frame: aFrame([first, second, third, { ...fourth, rowHash: "00" }]) },
      "head 4",
    ],
    "with another time in its head": [
      { frame: aFrame([first, second, third, { ...fourth, recordedAt: 1 }]) },
      "head 4",
    ],
    "recorded backwards": [
      { rows: [first, aTrailRow(first, { recorded_at: String(first.recordedAt - 1) })] },
      "time 2",
    ],
    "in an encoding of the future": [{ rows: [first, aTrailRow(first, { encoding: "2" })] }, "encoding 2"],
    "of another origin": [{ expectations: { origin: "another" } }, "origin 1"],
    "whose head has another origin": [
      { frame: { ...aFrame(rows), head: { ...aFrame(rows).head, origin: "another" } } },
      "chain 1",
    ],
    "without the key of a row": [{ keys: (row) => (row === third ? undefined : keyOf(row)) }, "keys 3"],
    "with another content in a key": [{ keys: (row) => ({ ...keyOf(row), contentHash: "00" }) }, "keys 1"],
    "with another event in a key": [{ keys: (row) => ({ ...keyOf(row), eventId: "other" }) }, "keys 1"],
    "with another object in a key": [{ keys: (row) => ({ ...keyOf(row), wfeUid: "other" }) }, "keys 1"],
    "with another ordinal in a key": [{ keys: (row) => ({ ...keyOf(row), ordinal: "9" }) }, "keys 1"],
  };
  for (const [sentence, [given, expected]] of Object.entries(trails)) {
    it(`${sentence}: ${expected}`, () => {
      assert.equal(kindAndSeq(given), expected);
    });
  }

  it("says how far it was found right", () => {
    const { check } = judge({ rows: [first, second, fourth] });
    assert.deepEqual([check.rows, check.last.seq, check.last.hash], [2, 2, second.rowHash]);
  });
});

describe("the partitions of a trail", () => {
  const [sealedJanuary, sealedFebruary, march, april] = parts as [
    TrailPartition,
    TrailPartition,
    TrailPartition,
    TrailPartition,
  ];
  const rest = [march, april];
  const trails: Readonly<Record<string, readonly [Case, string]>> = {
    "as they were sealed are right": [monthly(parts), "right"],
    "with one that is gone": [
      monthly([sealedJanuary, { ...sealedFebruary, isAttached: false }, ...rest]),
      "missing-partition 3",
    ],
    "with one that was left out of the list": [monthly([sealedJanuary, april]), "partition 3"],
    "with one that nobody knows": [
      { rows: months, frame: aFrame(months, { partitions: parts, unknownPartitions: ["events_2"] }) },
      "partition 3",
    ],
    "with another first number": [monthly([part("202601", { ...january, firstSeq: 2 }), ...rest]), "partition 1"],
    "with another first hash": [monthly([part("202601", { ...january, prevHash: "00" }), ...rest]), "partition 1"],
    "with another last number": [monthly([part("202601", { ...january, lastSeq: 1 }), ...rest]), "partition 1"],
    "with a last number that is not reached": [
      monthly([part("202601", { ...january, lastSeq: 9 }), ...rest]),
      "partition 4",
    ],
    "with another last hash": [monthly([part("202601", { ...january, lastHash: "00" }), ...rest]), "partition 2"],
    "with another hash of an empty one": [
      monthly([sealedJanuary, part("202602", { ...february, lastHash: "00" }), ...rest]),
      "partition 3",
    ],
    "with one that is not sealed any more": [monthly([part("202601"), ...rest]), "partition 4"],
    "with one that is not sealed though a later one is": [
      monthly([part("202601"), part("202602", january), ...rest]),
      "partition 1",
    ],
    "of which the oldest was dropped are right": [dropped(retentionFacts(2)), "right"],
    "of which one was dropped and no event says so": [dropped(retentionFacts(2), "other"), "retention 4"],
    "of which another was dropped than the event says": [dropped(retentionFacts(1)), "retention 4"],
    "of which one was dropped by an event that is missing": [
      monthly([part("202601", january, 9), part("202602", february), ...rest], months.slice(2)),
      "retention 9",
    ],
    "of which one was dropped and is still there": [
      monthly([{ ...part("202601", january, 4), isAttached: true }, ...rest], months.slice(2)),
      "partition 1",
    ],
    "of which one was dropped before it was sealed": [monthly([part("202601", undefined, 4), ...rest]), "partition 1"],
    "of which one was dropped before an older one": [
      monthly([sealedJanuary, part("202602", february, 4), ...rest]),
      "partition 3",
    ],
    "with an event of a drop that was none": [
      { rows: trailRows({}, { event_type: "audit.retention" }) },
      "retention 2",
    ],
  };
  for (const [sentence, [given, expected]] of Object.entries(trails)) {
    it(`${sentence}: ${expected}`, () => {
      assert.equal(kindAndSeq(given), expected);
    });
  }
});

describe("the holds of a trail", () => {
  const trails: Readonly<Record<string, readonly [TrailFrame, string]>> = {
    "as they were placed and released are right": [aFrame(held, { holds: [hold] }), "right"],
    "without one that was placed": [aFrame(held), "hold 2"],
    "with one that was not released": [aFrame(held, { holds: [{ ...hold, releasedSeq: undefined }] }), "hold 3"],
    "with another time": [aFrame(held, { holds: [{ ...hold, to: "3" }] }), "hold 2"],
    "with another reason": [aFrame(held, { holds: [{ ...hold, reason: "none" }] }), "hold 2"],
    "with one that was released before it was placed": [
      aFrame(held, { holds: [{ ...hold, releasedSeq: 1 }] }),
      "hold 2",
    ],
    "with one that was never placed": [
      aFrame(held, { holds: [hold, { ...hold, placedSeq: 9, releasedSeq: undefined }] }),
      "hold 9",
    ],
  };
  for (const [sentence, [frame, expected]] of Object.entries(trails)) {
    it(`${sentence}: ${expected}`, () => {
      assert.equal(kindAndSeq({ rows: held, frame }), expected);
    });
  }
});

describe("a trail of which something was said before", () => {
  const anchor = { seq: 3, hash: third.rowHash };
  const rewritten = trailRows({}, { reason: "x" }, {}, {});
  const trails: Readonly<Record<string, readonly [Case, string]>> = {
    "is right where that is still so": [
      { expectations: { anchors: [anchor, { seq: 4, hash: fourth.rowHash }] } },
      "right",
    ],
    "was rewritten in itself consistently": [{ rows: rewritten, expectations: { anchors: [anchor] } }, "anchor 3"],
    "was cut, with its head": [
      { rows: [first, second], frame: aFrame([first, second]), expectations: { anchors: [anchor] } },
      "anchor 3",
    ],
    "is right from there on, whatever is before": [
      { rows: [fourth], frame: aFrame(rows), expectations: { from: anchor } },
      "right",
    ],
    "doesn't go on from there": [{ rows: [fourth], expectations: { from: { ...anchor, hash: "00" } } }, "chain 4"],
  };
  for (const [sentence, [given, expected]] of Object.entries(trails)) {
    it(`${sentence}: ${expected}`, () => {
      assert.equal(kindAndSeq(given), expected);
    });
  }

  it("has no hold in force that was placed by an event that was dropped", () => {
    const { frame, rows: kept = [] } = dropped(retentionFacts(2));
    const holds = [{ ...hold, placedSeq: 1, releasedSeq: undefined }];
    assert.equal(kindAndSeq({ rows: kept, frame: { ...aFrame(kept), ...frame, holds } }), "hold 1");
    assert.equal(
      kindAndSeq({
        rows: kept,
        frame: { ...aFrame(kept), ...frame, holds: [{ ...hold, placedSeq: 1, releasedSeq: 2 }] },
      }),
      "right",
    );
  });

  it("was not dropped at its anchor, or that can't be checked", () => {
    const base = { seq: 2, hash: january.lastHash };
    const { frame, rows: kept } = dropped(retentionFacts(2));
    assert.equal(kindAndSeq({ frame, rows: kept, expectations: { anchors: [base] } } as Case), "right");
    assert.equal(
      kindAndSeq({ frame, rows: kept, expectations: { anchors: [{ ...base, hash: "00" }] } } as Case),
      "anchor 2",
    );
    const { problem, check } = judge({ frame, rows: kept, expectations: { anchors: [{ seq: 1, hash: "" }] } } as Case);
    assert.deepEqual([problem, check.uncheckedAnchors], [undefined, 1]);
  });
});
