import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aPolicy } from "../../test/support/builders/a-snapshot.ts";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../test/support/builders/moments.ts";
import { createAuditGate, type AuditGate } from "./audit-gate.ts";
import { createStores } from "./stores.ts";

const policy = aPolicy({ auditBacklogMaxEvents: 3, auditBacklogMaxAgeMs: 60_000 });
const HELD = "execution/remediation/held";

interface Scene {
  readonly gate: AuditGate;
  readonly woken: string[];
  outstanding: { readonly events: number; readonly oldestAt?: string };
  now: number;
}

/** One execution is held back, one waits for its target, one that was held back holds its target by now. */
function aScene(): Scene {
  const { executions } = createStores();
  const woken: string[] = [];
  const executionRef = { namespace: "kubernaut-workflows", name: "r", uid: "uid-of-run" };
  const statuses = {
    held: { reason: "AuditBacklog" },
    patient: { reason: "WaitingForTarget" },
    started: { reason: "AuditBacklog", executionRef },
    ended: { reason: "AuditBacklog", phase: "Failed" },
  } as const;
  for (const [name, status] of Object.entries(statuses)) {
    executions.applyWrite(aWorkflowExecution({ metadata: { name, uid: `uid-of-${name}` }, status }));
  }
  const scene = { woken, outstanding: { events: 0 }, now: after(100) };
  const gate = createAuditGate({
    executions,
    policy,
    outstanding: () => scene.outstanding,
    clock: { now: () => scene.now },
    wake: (key) => woken.push(key),
  });
  return Object.assign(scene, { gate });
}

describe("the gate before the targets", () => {
  it("shows how much waits, and for how long", () => {
    const scene = aScene();
    assert.deepEqual(scene.gate.backlog(), { events: 0, ageMs: 0 });
    scene.outstanding = { events: 2, oldestAt: timeAfter(40) };
    assert.deepEqual([scene.gate.backlog(), scene.gate.isClosed()], [{ events: 2, ageMs: 60_000 }, false]);
    scene.now += 1;
    assert.equal(scene.gate.isClosed(), true);
  });

  it("wakes who is held back, and nobody else, when it was shown closed and is open again", () => {
    const scene = aScene();
    scene.outstanding = { events: 4, oldestAt: timeAfter(99) };
    scene.gate.backlog();
    scene.gate.update();
    assert.deepEqual(scene.woken, [], "it is closed still");
    scene.outstanding = { events: 3, oldestAt: timeAfter(99) };
    scene.gate.update();
    assert.deepEqual(scene.woken, [HELD]);
  });

  it("wakes them once, and once more after it was shown closed again", () => {
    const scene = aScene();
    for (const events of [4, 3, 2, 4, 3]) {
      scene.outstanding = { events, oldestAt: timeAfter(99) };
      scene.gate.update();
      scene.gate.backlog();
      scene.gate.update();
    }
    assert.deepEqual(scene.woken, [HELD, HELD]);
  });

  it("wakes nobody as long as nobody was shown that it is closed", () => {
    const scene = aScene();
    scene.outstanding = { events: 4, oldestAt: timeAfter(99) };
    scene.gate.isClosed();
    scene.outstanding = { events: 0 };
    scene.gate.update();
    assert.deepEqual(scene.woken, []);
  });

  it("is closed by the age of an event even where nothing else has changed since it was last shown", () => {
    const scene = aScene();
    scene.outstanding = { events: 1, oldestAt: timeAfter(50) };
    scene.gate.backlog();
    scene.now = after(111);
    assert.equal(scene.gate.backlog().ageMs, 61_000);
    scene.outstanding = { events: 0 };
    scene.gate.update();
    assert.deepEqual(scene.woken, [HELD]);
  });
});
