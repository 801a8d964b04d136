import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { projectPath } from "../support/platform/manifests.ts";
import { COOLDOWN_MS } from "./campaign.ts";
import { checkHistory } from "./check-history.ts";
import { withOverlap } from "./edit-history.ts";
import { readHistoryFile } from "./history-file.ts";
import type { HistoryEntry } from "./history-entry.ts";
import { missingChecks, renderViolation } from "./ledger.ts";

/** What etcd kept of six executions on one target, with two controllers (record-sample.ts). */
describe("the recorded history of a real API server", () => {
  let history: readonly HistoryEntry[];
  before(async () => {
    history = await readHistoryFile(projectPath("test/faults/recorded-history.jsonl"));
  });

  it("breaks no promise", () => {
    const { violations, counts } = checkHistory(history, { cooldownMs: COOLDOWN_MS });
    assert.deepEqual(violations.map(renderViolation), []);
    assert.deepEqual(missingChecks(counts, { executions: 6, endings: 6, starts: 4, successions: 3, cooldowns: 1 }), []);
  });

  it("is refused as soon as two of its runs overlap", () => {
    const { violations } = checkHistory(withOverlap(history), { cooldownMs: COOLDOWN_MS });
    assert.ok(
      violations.some(({ invariant }) => invariant === "I1"),
      violations.map(renderViolation).join("\n"),
    );
  });
});
