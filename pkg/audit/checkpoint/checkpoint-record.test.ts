import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aSigningKey, aWrittenCheckpoint } from "../../../test/support/a-checkpoint.ts";
import { readRecord, writeRecord } from "./checkpoint-record.ts";
import type { WrittenCheckpoint } from "./checkpoint.ts";
import { trustRecord } from "./trust-record.ts";

/** The checkpoint of that minute, counted from midnight: its number is the minute too. */
function at(minute: number): WrittenCheckpoint {
  const time = new Date(Date.parse("2026-03-01T00:00:00.000Z") + minute * 60_000).toISOString();
  return aWrittenCheckpoint({ seq: minute, time });
}

/** The data after these checkpoints were written, one after another. */
function written(...minutes: readonly number[]): Readonly<Record<string, string>> {
  let data: Readonly<Record<string, string>> = {};
  for (const minute of minutes) data = writeRecord(readRecord(data), at(minute), []);
  return data;
}

function numbers(checkpoints: readonly WrittenCheckpoint[]): readonly number[] {
  return checkpoints.map(({ seq }) => seq);
}

describe("the record of checkpoints", () => {
  it("has nothing in the beginning", () => {
    assert.deepEqual(readRecord(undefined), { newest: undefined, older: [], lost: [], unreadable: [] });
  });

  it("keeps the newest one, and the last one of each hour before", () => {
    assert.deepEqual(Object.keys(written(1, 2)), ["checkpoint"]);
    const data = written(1, 2, 59, 60, 119, 121);
    assert.deepEqual(Object.keys(data), ["checkpoint", "older.2026-03-01T00", "older.2026-03-01T01"]);
    const { newest, older } = readRecord(data);
    assert.deepEqual([newest?.seq, numbers(older)], [121, [59, 119]]);
  });

  it("keeps 24 hours in which something happened, however long ago these were", () => {
    const hours = Array.from({ length: 30 }, (_, index) => index * 180);
    const { newest, older } = readRecord(written(...hours));
    assert.equal(newest?.seq, 29 * 180);
    assert.deepEqual(numbers(older), hours.slice(5, 29));
  });

  it("keeps what the trail lost apart, also where it was the newest", () => {
    const before = readRecord(written(30, 90, 150));
    const data = writeRecord(
      before,
      at(151),
      [at(90), at(150)].map((one) => sameIn(before, one)),
    );
    const { newest, older, lost } = readRecord(data);
    assert.deepEqual([newest?.seq, numbers(older), numbers(lost)], [151, [30], [90, 150]]);
    const later = readRecord(writeRecord(readRecord(data), at(152), []));
    assert.deepEqual(numbers(later.lost), [90, 150], "it stays known");
  });

  it("has keys that a ConfigMap takes, and no more than it holds", () => {
    let data: Readonly<Record<string, string>> = {};
    for (let minute = 0; minute < 200 * 60; minute += 61) {
      const record = readRecord(data);
      const isFork = minute % 2 === 0 && record.newest !== undefined;
      data = writeRecord(record, at(minute), isFork ? [record.newest] : []);
    }
    assert.equal(Object.keys(data).length, 1 + 24 + 24);
    for (const key of Object.keys(data)) assert.match(key, /^[-._a-zA-Z0-9]{1,253}$/);
    assert.ok(JSON.stringify(data).length < 100_000);
  });

  it("says what in it can't be read", () => {
    const data = { ...written(1), "older.2026-02-28T23": "nothing", mine: "x" };
    const { newest, unreadable } = readRecord(data);
    assert.deepEqual([newest?.seq, unreadable], [1, ["mine", "older.2026-02-28T23"]]);
  });
});

describe("a record that somebody else may have written", () => {
  const ours = aSigningKey();
  const hour = { time: "2026-03-01T09:00:00.000Z" };

  it("is believed where it is signed by our key, by an older one or not at all", () => {
    const signed = aWrittenCheckpoint({ seq: 9 }, ours.privateKey);
    const foreign = aWrittenCheckpoint({ seq: 8, ...hour }, aSigningKey().privateKey);
    const record = { newest: signed, older: [foreign, aWrittenCheckpoint({ seq: 7 })], lost: [], unreadable: [] };
    assert.deepEqual(trustRecord(record, ours.privateKey), { ...record, forged: [] });
  });

  it("is not believed where it names our key and isn't signed by it", () => {
    const right = aWrittenCheckpoint({ seq: 9 }, ours.privateKey);
    const forged = readRecord({ checkpoint: right.text.replace("seq: 9", "seq: 8"), "older.x": right.text });
    const { newest, older, forged: texts } = trustRecord(forged, ours.privateKey);
    assert.deepEqual([newest, numbers(older), texts.length], [undefined, [9], 1]);
    const stale = { ...forged, newest: right, older: forged.newest === undefined ? [] : [forged.newest] };
    assert.deepEqual(
      [trustRecord(stale, ours.privateKey).newest?.seq, trustRecord(stale, ours.privateKey).older],
      [9, []],
    );
  });

  it("is believed by who has no key: nothing can be said", () => {
    const record = readRecord({ checkpoint: aWrittenCheckpoint({}, ours.privateKey).text.replace("seq: 7", "seq: 8") });
    assert.equal(trustRecord(record, undefined).newest?.seq, 8);
  });
});

/** The record's own object for a checkpoint. */
function sameIn(record: ReturnType<typeof readRecord>, wanted: WrittenCheckpoint): WrittenCheckpoint {
  const found = [...record.older, record.newest].find((one) => one?.text === wanted.text);
  assert.ok(found);
  return found;
}
