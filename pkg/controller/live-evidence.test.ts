import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import { timeAfter } from "../../test/support/builders/moments.ts";
import { EVIDENCE_LIMITS } from "./live-evidence.ts";
import { manyRuns } from "./testing/many-runs.ts";
import { aPodOf, aTaskRunWith, aWarning, NAMESPACE, numbers, UID, Watched } from "./testing/watched-evidence.ts";

describe("a pod that is gone", () => {
  it("is remembered as it was last seen", () => {
    const seen = new Watched()
      .execution()
      .pod(aPodOf(UID, "a"))
      .pod(aPodOf(UID, "a", "uid-of-a", "Failed"));
    assert.deepEqual(seen.lost(), []);
    seen.podGone(aPodOf(UID, "a"));
    const [pod] = seen.memory.of(UID).lostPods;
    assert.deepEqual([pod?.metadata.uid, pod?.status?.phase], ["uid-of-a", "Failed"]);
  });
  it("is remembered where a new list doesn't have it any more", () => {
    const seen = new Watched().execution().pod(aPodOf(UID, "a")).pod(aPodOf(UID, "b"));
    seen.podsListed(aPodOf(UID, "b"));
    assert.deepEqual(seen.lost(), ["uid-of-a"]);
  });
  it("is remembered where another one of its name came in between, unseen", () => {
    const seen = new Watched()
      .execution()
      .pod(aPodOf(UID, "a", "first"))
      .pod(aPodOf(UID, "a", "second"));
    assert.deepEqual(seen.lost(), ["first"]);
    seen.podGone(aPodOf(UID, "a", "second"));
    assert.deepEqual(seen.lost(), ["first", "second"]);
  });
  it("is remembered also where its execution isn't known yet", () => {
    const seen = new Watched().pod(aPodOf(UID, "a")).podGone(aPodOf(UID, "a")).execution();
    assert.deepEqual(seen.lost(), ["uid-of-a"]);
  });
  it("is only its own execution's", () => {
    const seen = new Watched().execution().pod(aPodOf("another", "a")).podGone(aPodOf("another", "a"));
    assert.deepEqual([seen.lost(), seen.lost("another")], [[], ["uid-of-a"]]);
  });
  it("that is nobody's isn't remembered", () => {
    const metadata = { name: "foreign", namespace: NAMESPACE, uid: "u" };
    const seen = new Watched().pod({ metadata }).podGone({ metadata });
    assert.equal(seen.memory.counts().executions, 0);
  });
  it("goes when there are too many: the oldest first", () => {
    const seen = new Watched().execution();
    for (const n of numbers(EVIDENCE_LIMITS.lostPods + 2)) {
      const pod = aPodOf(UID, `pod-${String(n)}`);
      seen.pod(pod).podGone(pod);
    }
    assert.deepEqual([seen.lost().length, seen.lost()[0], seen.lost().at(-1)], [8, "uid-of-pod-2", "uid-of-pod-9"]);
  });
});

describe("a warning about a pod", () => {
  it("is remembered for the execution whose pod it is about, also when the pod is gone", () => {
    const seen = new Watched()
      .execution()
      .pod(aPodOf(UID, "a"))
      .warning(aWarning("w1", "a", 5));
    seen.podGone(aPodOf(UID, "a"));
    assert.deepEqual(seen.memory.of(UID).events, [
      { podName: "a", podUid: "uid-of-a", reason: "BackOff", message: "w1 about a", at: timeAfter(5) },
    ]);
  });
  it("is remembered where it came before its pod", () => {
    const seen = new Watched().execution().warning(aWarning("w1", "a"));
    assert.deepEqual([seen.messages(), seen.memory.counts().unclaimed], [[], 1]);
    seen.pod(aPodOf(UID, "a"));
    assert.deepEqual([seen.messages(), seen.memory.counts().unclaimed], [["w1 about a"], 0]);
  });
  it("is remembered by a TaskRun where its pod was gone before this process began, in whatever attempt", () => {
    const seen = new Watched().execution().taskRun(aTaskRunWith("a-retry1", ["a"]));
    seen.warning(aWarning("w1", "a")).warning(aWarning("w2", "a-retry1"));
    assert.deepEqual(seen.messages(), ["w1 about a", "w2 about a-retry1"]);
  });
  it("is remembered by a TaskRun that is told of after it", () => {
    const seen = new Watched().execution().warning(aWarning("w1", "a")).taskRun(aTaskRunWith("a"));
    assert.deepEqual(seen.messages(), ["w1 about a"]);
  });
  it("that is repeated counts once, with what was said last", () => {
    const seen = new Watched().execution().pod(aPodOf(UID, "a"));
    seen
      .warning(aWarning("w1", "a", 1))
      .warning(aWarning("w2", "a", 2))
      .warning(aWarning("w1", "a", 3), "MODIFIED");
    assert.deepEqual(
      seen.memory.of(UID).events.map(({ message, at }) => [message, at]),
      [
        ["w2 about a", timeAfter(2)],
        ["w1 about a", timeAfter(3)],
      ],
    );
  });
  it("survives that the API server forgets it, and a new list without it", () => {
    const seen = new Watched().execution().pod(aPodOf(UID, "a")).warning(aWarning("w1", "a"));
    seen.warning(aWarning("w1", "a"), "DELETED");
    seen.noWarningsListed();
    assert.deepEqual(seen.messages(), ["w1 about a"]);
  });
  it("goes when there are too many about its pod: the oldest first", () => {
    const seen = new Watched().execution().pod(aPodOf(UID, "a")).pod(aPodOf(UID, "b"));
    seen.warning(aWarning("other", "b"));
    for (const n of numbers(30)) seen.warning(aWarning(`w${String(n)}`, "a", n));
    assert.equal(seen.messages().length, 1 + EVIDENCE_LIMITS.eventsOfOnePod);
    assert.deepEqual([seen.messages()[0], seen.messages()[1]], ["other about b", "w22 about a"]);
  });
  it("goes when there are too many about all pods of its execution", () => {
    const seen = new Watched().execution();
    for (const n of numbers(20)) {
      const name = `pod-${String(n)}`;
      seen
        .pod(aPodOf(UID, name))
        .warning(aWarning("w", name, n, name))
        .warning(aWarning(`w${String(n)}`, name, n, name));
    }
    assert.equal(seen.messages().length, EVIDENCE_LIMITS.events);
    assert.equal(seen.messages().at(-1), "w19 about pod-19");
  });
  it("about foreign pods is bounded however many there are", () => {
    const seen = new Watched();
    for (const n of numbers(1000)) {
      for (const m of numbers(12)) seen.warning(aWarning(`w${String(n)}-${String(m)}`, `foreign-${String(n)}`));
    }
    const { unknownPods, eventsOfOnePod } = EVIDENCE_LIMITS;
    assert.deepEqual(seen.memory.counts(), {
      ...{ executions: 0, lostPods: 0, events: 0, logs: 0 },
      unclaimed: unknownPods * eventsOfOnePod,
    });
  });
});

describe("the end of a log", () => {
  const log = { podUid: "p", podName: "a", container: "step-x", text: "denied" };
  it("is remembered, also that it could not be read", () => {
    const seen = new Watched().execution();
    seen.memory.noteLogs(UID, [log, { ...log, container: "step-y", text: "" }]);
    assert.deepEqual(
      seen.memory.of(UID).logs.map(({ container, text }) => [container, text]),
      [
        ["step-x", "denied"],
        ["step-y", ""],
      ],
    );
  });
  it("counts once for each container of each pod", () => {
    const seen = new Watched().execution();
    seen.memory.noteLogs(UID, [log, log, { ...log, podUid: "q" }]);
    assert.equal(seen.memory.of(UID).logs.length, 2);
  });
  it("is bounded in number and in bytes; its end stays", () => {
    const seen = new Watched().execution();
    const long = `${"ü".repeat(EVIDENCE_LIMITS.logBytes)} the end`;
    seen.memory.noteLogs(
      UID,
      numbers(6).map((n) => ({ ...log, podUid: String(n), text: long })),
    );
    const { logs } = seen.memory.of(UID);
    assert.deepEqual(
      logs.map(({ podUid }) => podUid),
      ["2", "3", "4", "5"],
    );
    for (const { text } of logs) {
      assert.ok(Buffer.byteLength(text) <= EVIDENCE_LIMITS.logBytes && text.endsWith("the end"));
    }
  });
});

describe("what is remembered of an execution", () => {
  function withEvidence(): Watched {
    const seen = new Watched().execution().pod(aPodOf(UID, "a")).warning(aWarning("w1", "a"));
    seen.memory.noteLogs(UID, [{ podUid: "p", podName: "a", container: "c", text: "t" }]);
    return seen.podGone(aPodOf(UID, "a"));
  }
  const nothing = { lostPods: [], events: [], logs: [] };

  it("is all of it while it lives", () => {
    const seen = withEvidence().execution(aWorkflowExecution({ status: { phase: "Running" } }));
    assert.deepEqual(seen.memory.counts(), { executions: 1, lostPods: 1, events: 1, logs: 1, unclaimed: 0 });
  });
  for (const phase of ["Completed", "Failed", "Skipped"] as const) {
    it(`is forgotten when it is ${phase}, and nothing is added any more`, () => {
      const seen = withEvidence().execution(aWorkflowExecution({ status: { phase } }));
      assert.deepEqual(seen.memory.of(UID), nothing);
      seen.pod(aPodOf(UID, "b")).warning(aWarning("w2", "b")).podGone(aPodOf(UID, "b"));
      seen.memory.noteLogs(UID, [{ podUid: "p", podName: "a", container: "c", text: "t" }]);
      assert.deepEqual(seen.memory.counts(), { executions: 0, lostPods: 0, events: 0, logs: 0, unclaimed: 0 });
    });
  }
  it("is forgotten when it is gone", () => {
    const seen = withEvidence();
    seen.executionGone();
    assert.deepEqual([seen.memory.of(UID), seen.memory.counts().executions], [nothing, 0]);
  });
  it("is bounded where nobody ever tells of the execution, and no live one loses anything by that", () => {
    const seen = withEvidence();
    for (const n of numbers(500)) {
      const pod = aPodOf(`unknown-${String(n)}`, `pod-${String(n)}`);
      seen.pod(pod).podGone(pod);
    }
    assert.equal(seen.memory.counts().executions, 1 + EVIDENCE_LIMITS.unknownExecutions);
    assert.deepEqual(
      [seen.lost(), seen.lost("unknown-499"), seen.lost("unknown-1")],
      [["uid-of-a"], ["uid-of-pod-499"], []],
    );
  });
  it("doesn't count as unknown any more once it was told of", () => {
    const pod = aPodOf(UID, "a");
    const seen = new Watched().pod(pod).podGone(pod).execution();
    for (const n of numbers(500)) {
      const other = aPodOf(`unknown-${String(n)}`, `pod-${String(n)}`);
      seen.pod(other).podGone(other);
    }
    assert.deepEqual(seen.lost(), ["uid-of-a"]);
  });
});

describe("with a thousand live runs of three pods", () => {
  it("what is remembered is bounded, and gone with their ends", () => {
    const runs = manyRuns(1000);
    assert.deepEqual(runs.seen.memory.counts(), {
      ...{ executions: 1000, lostPods: 3000, unclaimed: 0 },
      events: 1000 * EVIDENCE_LIMITS.events,
      logs: 1000 * EVIDENCE_LIMITS.logs,
    });
    runs.end();
    assert.deepEqual(runs.seen.memory.counts(), { executions: 0, lostPods: 0, events: 0, logs: 0, unclaimed: 0 });
  });
});
