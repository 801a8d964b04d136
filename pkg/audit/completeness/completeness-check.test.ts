import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anAuditedExecution, anEntry } from "../../../test/support/audited-execution.ts";
import { aRecordedEvent, hashOf, recordedLife } from "../../../test/support/recorded-events.ts";
import type { AuditState } from "../../api/workflow-execution.ts";
import { auditedExecution } from "../audited-execution.ts";
import { CompletenessCheck } from "./completeness-check.ts";
import type { KnownCluster, KnownRun } from "./completeness-check.ts";
import { knownObject } from "./known-object.ts";
import type { KnownObject } from "./known-object.ts";
import type { RecordedEvent } from "./recorded-event.ts";

function anObject(uid: string, audit: AuditState): KnownObject {
  return knownObject(auditedExecution(anAuditedExecution({ uid, name: `name-${uid}`, audit })));
}

function acked(uid: string, ordinal: number): KnownObject {
  return anObject(uid, { acked: { ordinal, at: "2026-03-01T10:00:00Z" }, seq: ordinal, hash: hashOf(ordinal) });
}

function lifeOf(uid: string, ...names: readonly string[]): readonly RecordedEvent[] {
  return recordedLife(...names).map((event) => ({ ...event, uid, name: `name-${uid}` }));
}

function aRun(uid: string, isStarted = true): KnownRun {
  return { uid, namespace: "runs", name: `run-${uid}`, isStarted };
}

function check(cluster: Partial<KnownCluster>, rows: readonly RecordedEvent[]): CompletenessCheck {
  const fed = new CompletenessCheck({ runs: [], objects: [], ...cluster }, 0);
  for (const row of rows) fed.accept(row);
  return fed;
}

describe("CompletenessCheck", () => {
  it("suspects nothing where cluster and trail say the same", () => {
    const rows = [...lifeOf("a", "requested", "started"), ...lifeOf("b", "requested", "skipped", "deleted")];
    const fed = check({ objects: [acked("a", 2)] }, rows);
    assert.deepEqual(fed.finish(), []);
    assert.deepEqual(fed.size, { events: 5, objects: 2 });
  });
  it("suspects whatever is only in the trail, only in the cluster, or different in both", () => {
    const rows = [...lifeOf("a", "requested"), ...lifeOf("b", "requested"), ...lifeOf("c", "requested")];
    const fed = check({ objects: [acked("b", 2), acked("c", 1), acked("d", 1)] }, rows);
    const namespace = "remediation";
    assert.deepEqual(
      fed.finish(),
      ["a", "b", "d"].map((uid) => ({ uid, kind: "execution", namespace, name: `name-${uid}` })),
    );
  });
  it("finds a run that was started and that no event names, here or in an outbox", () => {
    const waiting = anObject("a", { pending: [anEntry(1, "starting", { facts: { runUid: "waits" } })] });
    const runs = [aRun("told"), aRun("waits"), aRun("pending", false), aRun("foreign")];
    const fed = check({ runs, objects: [waiting] }, [aRecordedEvent(1, { runUid: "told" })]);
    fed.finish();
    assert.deepEqual(
      fed.unrecordedRuns().map(({ kind, subject }) => [kind, subject]),
      [["unrecorded-run", "PipelineRun runs/run-foreign (uid foreign)"]],
    );
  });
  it("knows from which clusters the rows are", () => {
    const rows = [aRecordedEvent(1, { clusterId: "eu" }), aRecordedEvent(2, { clusterId: "us" })];
    assert.deepEqual([...check({}, rows).clusters], ["eu", "us"]);
  });
  it("counts what waits and isn't in the trail, and since when", () => {
    const waiting = [
      anObject("a", { pending: [anEntry(1, "requested", { at: "2026-03-01T10:00:05Z" }), anEntry(2)] }),
      anObject("b", { pending: [anEntry(1, "requested", { at: "2026-03-01T09:00:00.5Z" })] }),
      anObject("c", { pending: [anEntry(1, "requested", { at: "2026-01-01T00:00:00Z" })] }),
      acked("d", 1),
    ];
    const fed = check({ objects: waiting }, [...lifeOf("c", "requested"), ...lifeOf("d", "requested")]);
    assert.deepEqual(fed.finish(), []);
    assert.deepEqual(fed.pending, { events: 3, objects: 2, oldestAt: "2026-03-01T09:00:00.5Z" });
  });
});
