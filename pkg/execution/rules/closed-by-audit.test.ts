import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aCase, type SnapshotWishes } from "../../../test/support/builders/a-snapshot.ts";
import { aHeldLock, aTargetLock } from "../../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import { eventsIn, written } from "../../../test/support/builders/written.ts";
import { conditionOf } from "../conditions.ts";
import { nextStep } from "../next-step.ts";
import type { Case } from "../rule.ts";
import { closedByAudit } from "./closed-by-audit.ts";

const LIMITS = { auditBacklogMaxEvents: 3, auditBacklogMaxAgeMs: 90_000 };
const TOO_MANY = { events: 4, ageMs: 0 };
const executionRef = { namespace: "kubernaut-workflows", name: "r", uid: "uid-of-run" };

function behind(wishes: SnapshotWishes = {}, auditBacklog = TOO_MANY): Case {
  return aCase({ ...wishes, more: { auditBacklog, ...wishes.more } }, LIMITS);
}

describe("an execution that comes while the audit trail is too far behind", () => {
  it("stays Pending and says why, in figures that time doesn't change", () => {
    const step = closedByAudit(behind());
    const { phase, reason, message } = written(step);
    assert.deepEqual([phase, reason, eventsIn(step)], ["Pending", "AuditBacklog", []]);
    assert.equal(
      message,
      `position 1, until ${timeAfter(300)} at the latest: ` +
        "more than 3 audit events wait for PostgreSQL, or one of them for longer than 1m30s",
    );
    assert.equal(conditionOf(written(step), "ResourceLocked")?.status, "False");
  });

  const held = aWorkflowExecution({ status: written(closedByAudit(behind())) });
  it("is left in peace while the backlog grows, until its start deadline", () => {
    const grown = { events: 5000, ageMs: 120_000 };
    const step = closedByAudit(behind({ execution: held, now: after(200) }, grown));
    assert.deepEqual(step, { type: "Wait", until: after(300) });
  });
  it("ends by its start deadline, and says what it waited for", () => {
    const { s, policy } = behind({ execution: held, now: after(300) });
    const { phase, reason, message } = written(nextStep(s, policy));
    assert.deepEqual([phase, reason], ["Failed", "DeadlineExceeded"]);
    assert.match(message ?? "", /it waited at position 1, .*more than 3 audit events wait/);
  });
  it("takes its target when the backlog is within its limits again", () => {
    const { s, policy } = behind({ execution: held, fresh: "all" }, { events: 3, ageMs: 90_000 });
    assert.equal(nextStep(s, policy).type, "CreateLock");
  });
  it("takes no target before", () => {
    const { s, policy } = behind({ fresh: "all" });
    assert.equal(written(nextStep(s, policy)).reason, "AuditBacklog");
  });
  it("is held back in mode strict too", () => {
    const c = behind();
    assert.equal(written(closedByAudit({ ...c, policy: { ...c.policy, auditMode: "strict" } })).reason, "AuditBacklog");
  });
  it("is held back by one event that waits for too long", () => {
    assert.equal(written(closedByAudit(behind({}, { events: 1, ageMs: 90_001 }))).reason, "AuditBacklog");
  });

  const unaffected: Readonly<Record<string, SnapshotWishes>> = {
    "that holds its target": { lock: aHeldLock(aWorkflowExecution()) },
    "that has a run": { execution: aWorkflowExecution({ status: { executionRef } }) },
  };
  for (const [sentence, wishes] of Object.entries(unaffected)) {
    it(`goes on, where it is one ${sentence}`, () => {
      assert.equal(closedByAudit(behind(wishes)), undefined);
    });
  }

  it("stands in line by its age: who comes later lets it go first", () => {
    const later = aWorkflowExecution({
      metadata: { name: "later", uid: "uid-of-later", creationTimestamp: timeAfter(5) },
    });
    const more = { waiting: [held], auditBacklog: { events: 0, ageMs: 0 } };
    const { s, policy } = aCase({ execution: later, lock: aTargetLock(), fresh: "all", more }, LIMITS);
    assert.equal(written(nextStep(s, policy)).reason, "WaitingForTurn");
  });
});
