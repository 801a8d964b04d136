import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Change } from "./change.ts";
import { everSeen, overlaps, startedRuns, stillActing } from "./exclusive.ts";
import { revocations } from "./irrevocable.ts";

const DONE = { conditions: [{ type: "Succeeded", status: "True" }] };

type RunState = "pending" | "started" | "done";

function run(
  version: number,
  uid: string,
  state: RunState,
  more: { target?: string; execution?: string } = {},
): Change {
  const { target = "t1", execution = `of-${uid}` } = more;
  const labels = { "kubernaut.ai/target-hash": target, "kubernaut.ai/workflow-execution-uid": execution };
  return {
    kind: "run",
    type: "MODIFIED",
    version: BigInt(version),
    object: {
      metadata: { name: uid, uid, labels },
      spec: state === "pending" ? { status: "PipelineRunPending" } : {},
      ...(state === "done" ? { status: DONE } : {}),
    },
  } as Change;
}

function pod(version: number, runUid: string, phase: string, type: Change["type"] = "MODIFIED"): Change {
  const labels = {
    "kubernaut.ai/target-hash": "t1",
    "kubernaut.ai/workflow-execution-uid": `of-${runUid}`,
    "tekton.dev/pipelineRunUID": runUid,
  };
  const object = { metadata: { name: `pod-of-${runUid}`, uid: `pod-of-${runUid}`, labels }, status: { phase } };
  return { kind: "pod", type, version: BigInt(version), object };
}

describe("runs on a target", () => {
  const allowed: Readonly<Record<string, readonly Change[]>> = {
    "one after the other": [run(1, "a", "started"), run(2, "a", "done"), run(3, "b", "started")],
    "one that is Pending while another acts": [run(1, "a", "started"), run(2, "b", "pending")],
    "two at once on different targets": [run(1, "a", "started"), run(2, "b", "started", { target: "t2" })],
    "a pod that ended before the next run": [
      ...[run(1, "a", "started"), pod(2, "a", "Running"), run(3, "a", "done"), pod(4, "a", "Succeeded")],
      run(5, "b", "started"),
    ],
    "a pod that was deleted before the next run": [
      ...[run(1, "a", "done"), pod(2, "a", "Running"), pod(3, "a", "Running", "DELETED"), run(4, "b", "started")],
    ],
    "a next run of which its watch told earlier": [run(3, "b", "started"), run(1, "a", "started"), run(2, "a", "done")],
  };
  for (const [what, changes] of Object.entries(allowed)) {
    it(`may be ${what}`, () => {
      assert.deepEqual(overlaps(changes), []);
    });
  }

  const forbidden: Readonly<Record<string, readonly Change[]>> = {
    "two that are started": [run(1, "a", "started"), run(2, "b", "started")],
    "one while a pod of another runs": [run(1, "a", "done"), pod(2, "a", "Running"), run(3, "b", "started")],
    "one while a pod of another may still start": [run(1, "a", "done"), pod(2, "a", "Pending"), run(3, "b", "started")],
    "a pod of one that comes while another acts": [run(1, "a", "done"), run(2, "b", "started"), pod(3, "a", "Pending")],
    "one that ends only after the next was started": [
      run(1, "a", "started"),
      run(2, "b", "started"),
      run(3, "a", "done"),
    ],
  };
  for (const [what, changes] of Object.entries(forbidden)) {
    it(`must not be ${what}`, () => {
      assert.equal(overlaps(changes).length, 1);
    });
  }

  it("are judged by the target that the caller knows, where the labels differ", () => {
    const changes = [run(1, "a", "started"), run(2, "b", "started", { target: "t2" })];
    assert.equal(overlaps(changes, () => "the same").length, 1);
  });

  it("are counted by uid, started ones apart from those that stayed Pending", () => {
    const changes = ["a", "b"].flatMap((uid) => [run(1, uid, "pending", { execution: "w" })]);
    const started = [...changes, run(2, "b", "started", { execution: "w" })];
    assert.deepEqual([...everSeen("run", started, "w")], ["a", "b"]);
    assert.deepEqual([...startedRuns(started, "w")], ["b"]);
    assert.deepEqual(stillActing(started, "w"), ["run b"]);
    assert.deepEqual(stillActing([...started, run(3, "b", "done", { execution: "w" })], "w"), []);
  });
});

describe("a decision", () => {
  function execution(version: number, phase: string, runUid?: string): Change {
    const status = { phase, ...(runUid === undefined ? {} : { executionRef: { uid: runUid } }) };
    const object = { metadata: { name: "w", uid: "w" }, status };
    return { kind: "execution", type: "MODIFIED", version: BigInt(version), object } as unknown as Change;
  }
  function lock(version: number, epoch: number, holder?: string): Change {
    const spec = { epoch, ...(holder === undefined ? {} : { holder: { uid: holder } }) };
    return {
      kind: "lock",
      type: "MODIFIED",
      version: BigInt(version),
      object: { metadata: { name: "l", uid: "l" }, spec },
    } as unknown as Change;
  }

  it("that stands is nothing to speak of", () => {
    const life = [execution(1, "Pending"), execution(2, "Pending", "r"), execution(3, "Completed", "r")];
    assert.deepEqual(revocations([...life, lock(4, 1, "w"), lock(5, 1), lock(6, 2, "x")]), []);
  });
  const revoked: Readonly<Record<string, readonly Change[]>> = {
    "a phase that was final": [execution(1, "Completed"), execution(2, "Failed")],
    "a run that was bound": [execution(1, "Pending", "r"), execution(2, "Pending", "s")],
    "a run that was forgotten": [execution(1, "Pending", "r"), execution(2, "Pending")],
    "a lock that was taken twice in one epoch": [lock(1, 1, "w"), lock(2, 1), lock(3, 1, "x")],
  };
  for (const [what, changes] of Object.entries(revoked)) {
    it(`that was taken back is found: ${what}`, () => {
      assert.equal(revocations(changes).length, 1);
    });
  }
});
