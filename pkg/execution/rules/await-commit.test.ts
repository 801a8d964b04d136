import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPipelineRun } from "../../../test/support/builders/a-pipeline-run.ts";
import { aCase } from "../../../test/support/builders/a-snapshot.ts";
import { aBoundLock } from "../../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../../test/support/builders/moments.ts";
import { eventsIn, written } from "../../../test/support/builders/written.ts";
import type { AuditEntry, WorkflowExecution, WorkflowExecutionStatus } from "../../api/workflow-execution.ts";
import { nextStep } from "../next-step.ts";
import { eventType, type EventName } from "../outbox.ts";
import type { Case } from "../rule.ts";
import type { AuditReceipt } from "../snapshot.ts";
import type { Step } from "../step.ts";

const lock = aBoundLock(aWorkflowExecution());
const run = { namespace: "kubernaut-workflows", name: "r", uid: "uid-of-run" };
const pending = [entry(1, "requested"), entry(2, "starting")];

function entry(ordinal: number, name: EventName): AuditEntry {
  return { ordinal, type: eventType(name), at: timeAfter(10), outcome: "pending", facts: {} };
}

function receipt(ordinal: number): AuditReceipt {
  return { ordinal, at: timeAfter(11), seq: 5, hash: "h" };
}

/** An execution whose run is bound and written down, with that outbox. */
function writtenDown(audit: WorkflowExecutionStatus["audit"], status = {}): WorkflowExecution {
  const locks = [{ name: lock.metadata.name, uid: "uid-of-lock", epoch: 1 }];
  return aWorkflowExecution({
    status: { reason: "Starting", executionRef: run, locks, ...status, ...(audit && { audit }) },
  });
}

interface Wishes {
  readonly execution?: WorkflowExecution;
  readonly receipt?: AuditReceipt;
  readonly now?: number;
  readonly auditMode?: "relaxed";
}

function strict({ execution = writtenDown({ pending }), receipt, now = after(10), auditMode }: Wishes): Case {
  const runs = [aPipelineRun(aWorkflowExecution(), "pending")];
  const more = receipt === undefined ? {} : { receipt };
  return aCase({ execution, lock, runs, now, more }, { auditMode: auditMode ?? "strict" });
}

function next(wishes: Wishes): Step {
  const { s, policy } = strict(wishes);
  return nextStep(s, policy);
}

describe("a run in audit mode strict", () => {
  const starts: Readonly<Record<string, Wishes>> = {
    "a receipt for the intent has come": { receipt: receipt(2) },
    "a receipt for a later event has come": { receipt: receipt(3) },
    "the status says that the intent is committed": {
      execution: writtenDown({ acked: { ordinal: 2, at: timeAfter(11) } }),
    },
    "the mode is relaxed after all": { auditMode: "relaxed" },
  };
  for (const [sentence, wishes] of Object.entries(starts)) {
    it(`starts when ${sentence}`, () => {
      assert.equal(next(wishes).type, "StartRun");
    });
  }

  const acked = { ordinal: 1, at: timeAfter(11) };
  const waits: Readonly<Record<string, Wishes>> = {
    "nothing of it is committed": {},
    "only the event before is committed": { receipt: receipt(1) },
    "only the event before is committed, as the status says": {
      execution: writtenDown({ acked, pending: pending.slice(1) }),
    },
  };
  for (const [sentence, wishes] of Object.entries(waits)) {
    it(`waits, without a write at first, while ${sentence}`, () => {
      assert.deepEqual(next({ ...wishes, now: after(12) - 1 }), { type: "Wait", until: after(12) });
    });
    it(`says so in the status after two seconds, while ${sentence}`, () => {
      assert.equal(written(next({ ...wishes, now: after(12) })).reason, "WaitingForAudit");
    });
  }

  it("waits where no record of an intent can be found", () => {
    assert.equal(written(next({ execution: writtenDown(undefined) })).reason, "WaitingForAudit");
  });

  const said = written(next({ now: after(12) }));
  const waiting = writtenDown(said.audit, said);
  it("stays Pending, and what it says doesn't change with time", () => {
    assert.deepEqual([said.phase, said.audit?.pending], ["Pending", pending]);
    assert.deepEqual(next({ execution: waiting, now: after(200) }), { type: "Wait", until: after(300) });
  });
  it("starts after that, too, when the receipt comes", () => {
    assert.equal(next({ execution: waiting, now: after(200), receipt: receipt(2) }).type, "StartRun");
  });
  it("is withdrawn at the start deadline, which says what it waited for", () => {
    const step = next({ execution: waiting, now: after(300), receipt: receipt(1) });
    const { phase, reason, message } = written(step);
    assert.deepEqual([phase, reason, eventsIn(step)], ["Pending", "DeadlineExceeded", ["starting"]]);
    assert.match(message ?? "", /\(WaitingForAudit: the run is ready, and starts when PostgreSQL has committed/);
  });
});
