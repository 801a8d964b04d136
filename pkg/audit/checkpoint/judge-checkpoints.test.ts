import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aSigningKey, aWrittenCheckpoint, hashOf } from "../../../test/support/a-checkpoint.ts";
import { ORIGIN } from "../../../test/support/audited-trail.ts";
import { keyIdOf } from "./checkpoint-key.ts";
import { parseCheckpoint, type WrittenCheckpoint } from "./checkpoint.ts";
import { judgeCheckpoints } from "./judge-checkpoints.ts";

const ours = aSigningKey();
const id = keyIdOf(ours.publicKey);
const at = "2026-03-01T10:00:09.000Z";
const signed = aWrittenCheckpoint({}, ours.privateKey);
const foreign = aWrittenCheckpoint({ seq: 5 }, aSigningKey().privateKey);
const unsigned = aWrittenCheckpoint({ seq: 6, forks: 1 });

function forged(checkpoint: WrittenCheckpoint): WrittenCheckpoint {
  return parseCheckpoint(checkpoint.text.replace("noted: yes", "noted: no")) ?? assert.fail();
}

describe("checkpoints as evidence", () => {
  it("are anchors of their trail, and named with their key", () => {
    const older = [aWrittenCheckpoint({ seq: 3 }, ours.privateKey)];
    assert.deepEqual(judgeCheckpoints({ main: [signed], older }, [ours.publicKey]), {
      anchors: [
        { seq: 7, hash: hashOf(7) },
        { seq: 3, hash: hashOf(3) },
      ],
      origin: ORIGIN,
      used: [`signed checkpoint 7 of ${at} (key ${id})`, "1 older one"],
    });
  });

  it("that are missing say nothing", () => {
    assert.deepEqual(judgeCheckpoints({ main: [], older: [] }, [ours.publicKey]), { anchors: [], used: [] });
  });

  it("that nobody could check are used, which is said", () => {
    const { problem, used } = judgeCheckpoints({ main: [signed, unsigned], older: [foreign, unsigned] }, []);
    assert.equal(problem, undefined);
    assert.deepEqual(used, [
      `checkpoint 7 of ${at} (key ${id}, whose signature was not checked)`,
      `unsigned checkpoint 6 of ${at}, after 1 loss of rows`,
      "2 older ones",
    ]);
  });

  it("from before a key was used, or whose key isn't given any more, are passed over", () => {
    const { problem, anchors } = judgeCheckpoints({ main: [signed], older: [foreign, unsigned] }, [ours.publicKey]);
    assert.deepEqual([problem, anchors.map(({ seq }) => seq)], [undefined, [7]]);
  });

  const wrong: Readonly<
    Record<string, [main: readonly WrittenCheckpoint[], older: readonly WrittenCheckpoint[], string]>
  > = {
    "the newest one is unsigned": [[unsigned], [], "signature"],
    "the newest one is signed by an unknown key": [[foreign], [], "key"],
    "the newest one was changed": [[forged(signed)], [], "signature"],
    "one of several newest ones was changed": [[signed, forged(signed)], [], "signature"],
    "an older one was changed": [[signed], [forged(signed)], "signature"],
    "two are of different trails": [
      [signed, aWrittenCheckpoint({ origin: ORIGIN.replace("6", "7") }, ours.privateKey)],
      [],
      "origin",
    ],
  };
  for (const [what, [main, older, kind]] of Object.entries(wrong)) {
    it(`are refused where ${what}`, () => {
      assert.equal(judgeCheckpoints({ main, older }, [ours.publicKey]).problem?.kind, kind);
    });
  }
});
