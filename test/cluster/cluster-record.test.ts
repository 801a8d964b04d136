import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { judge } from "./cluster-record.ts";
import type { ClusterCondition, ClusterRecord, StartingRecord, UpRecord } from "./cluster-record.ts";

const starting: StartingRecord = {
  profile: "control-plane",
  phase: "starting",
  starter: { pid: 1, startTime: "1", bootId: "b" },
  outlivesStarter: false,
};
const up: UpRecord = {
  ...starting,
  phase: "up",
  server: "https://127.0.0.1:1",
  etcd: "http://127.0.0.1:2",
  registry: null,
};

describe("judge", () => {
  const cases: readonly (readonly [string, ClusterRecord, boolean, boolean, ClusterCondition])[] = [
    ["a start goes on while its starter lives", starting, true, false, "starting"],
    ["a start whose starter died is left over, whatever still runs", starting, false, true, "leftover"],
    ["a test's cluster is up while the test lives", up, true, true, "up"],
    ["a test's cluster is left over when the test has died", up, false, true, "leftover"],
    ["a cluster that outlives its starter is up while it runs", { ...up, outlivesStarter: true }, false, true, "up"],
    ["a cluster without processes is left over", { ...up, outlivesStarter: true }, false, false, "leftover"],
  ];
  for (const [sentence, record, starterLives, anyProcessLives, expected] of cases) {
    it(sentence, () => {
      assert.equal(judge(record, starterLives, anyProcessLives), expected);
    });
  }
});
