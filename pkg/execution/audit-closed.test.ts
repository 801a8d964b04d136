import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPolicy } from "../../test/support/builders/a-snapshot.ts";
import { isAuditClosed } from "./audit-closed.ts";

const policy = aPolicy({ auditBacklogMaxEvents: 3, auditBacklogMaxAgeMs: 60_000 });

describe("an audit trail that is behind", () => {
  const cases: readonly (readonly [string, number, number, boolean])[] = [
    ["holds up nothing where nothing waits", 0, 0, false],
    ["holds up nothing at both limits", 3, 60_000, false],
    ["holds up starts with one event more", 4, 0, true],
    ["holds up starts a moment later", 1, 60_001, true],
  ];
  for (const [sentence, events, ageMs, isClosed] of cases) {
    it(sentence, () => {
      assert.equal(isAuditClosed({ events, ageMs }, policy), isClosed);
    });
  }
});
