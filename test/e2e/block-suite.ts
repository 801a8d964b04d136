import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { TargetLock } from "../../pkg/api/target-lock.ts";
import { historyOf } from "../../pkg/lock/history.ts";
import { startedRuns } from "../support/witness/exclusive.ts";
import { assertTrail, recordedClearance } from "./audit-trail.ts";
import { askToClear, CLEARER, EDITOR, inviteClearers } from "./block-clearer.ts";
import { created, eventWith, reaches, settled, type Created, type Wanted } from "./execute.ts";
import { NAMESPACE, type Platform, type Stage } from "./platform.ts";
import { assertSkipped } from "./skipped.ts";
import { canonical, untilLock } from "./target-lock.ts";

const WORKFLOW = "blocked";
const TARGET = "block";
const FAILS = { EXIT_CODE: "3" };

interface Blocked {
  readonly platform: Platform;
  /** The execution whose failure blocks the workflow. */
  readonly by: Created;
  readonly lock: TargetLock;
}

/** A workflow that ran and failed stays off its target until a person has cleared that. BR-WE-013. */
export function blockSuite(stage: Stage): void {
  describe("a workflow that ran and failed", () => {
    let blocked: Blocked;
    before(async () => {
      await inviteClearers(stage());
      blocked = await fail(stage(), "block-first");
    });
    skipTests(() => blocked);
    refusalTests(() => blocked);

    it("runs again once that is cleared on the lock, and who did it why is on record", async () => {
      await clearOnLock(blocked);
      blocked = await fail(blocked.platform, "block-again");
    });

    it("runs again once that is cleared on the execution that failed, which remembers it", async () => {
      await clearOnExecution(blocked);
      const { platform } = blocked;
      await created(platform, wanted(platform, "block-repaired"));
      assert.equal((await settled(platform, "block-repaired")).phase, "Completed");
    });
  });
}

function skipTests(blocked: () => Blocked): void {
  it("says that only a person can allow the next attempt, and so does its target", async () => {
    const { platform, by, lock } = blocked();
    const { failureDetails, retry } = await settled(platform, by.name);
    assert.deepEqual([failureDetails?.exitCode, retry], [3, { disposition: "WhenCleared" }]);
    const { since: _since, ...block } = historyOf(lock, WORKFLOW)?.blockedBy ?? { since: "" };
    assert.deepEqual(block, { ...by, namespace: NAMESPACE, reason: "PreviousExecutionFailed" });
    assert.match(await shown(blocked()), / Free +blocked$/);
  });

  for (const [sentence, name, workflowId, message] of [
    ["is skipped", "block-same", WORKFLOW, /^workflow blocked ran and failed with execution e2e\/block-first/],
    [
      "is skipped under another name, by its bundle",
      "block-renamed",
      "renamed",
      /^the bundle of workflow renamed ran and failed with execution e2e\/block-first \(workflow blocked\)/,
    ],
  ] as const) {
    it(sentence, async () => {
      const { platform, by, lock } = blocked();
      const again = await created(platform, { ...wanted(platform, name), workflowId });
      const expected = {
        reason: "PreviousExecutionFailed",
        because: by.name,
        message,
        retry: { disposition: "WhenCleared" },
      } as const;
      const { skipDetails } = await assertSkipped(platform, again, expected);
      assert.ok(skipDetails.message.endsWith(`on TargetLock ${lock.metadata.name}`), skipDetails.message);
      const { uid, workflowId: ran, outcome, targetResource } = skipDetails.recentRemediation ?? {};
      assert.deepEqual([uid, ran, outcome, targetResource], [by.uid, WORKFLOW, "Failed", canonical(TARGET)]);
    });
  }
}

function refusalTests(blocked: () => Blocked): void {
  it("is not cleared in another name than one's own, nor by somebody without the right", async () => {
    const { platform, by, lock } = blocked();
    const places = [
      { on: ["targetlock", lock.metadata.name], text: `${WORKFLOW}: I say so` },
      { on: ["workflowexecution", by.name, "-n", NAMESPACE], text: "I say so" },
    ];
    for (const place of places) {
      const forged = await askToClear(platform, { ...place, as: CLEARER, by: EDITOR });
      assert.match(forged.stderr, /cleared-by\] must be "ann@example\.com", the user who asks for the block/);
      const unauthorised = await askToClear(platform, { ...place, as: EDITOR });
      assert.match(
        unauthorised.stderr,
        /"eve@example\.com" may not set .*clear-execution-block.* needs the verb clear/,
      );
      assert.ok(forged.code !== 0 && unauthorised.code !== 0);
    }
    assert.match(await shown(blocked()), / Free +blocked$/);
  });
}

async function clearOnLock(blocked: Blocked): Promise<void> {
  const { platform, by, lock } = blocked;
  const { name, uid = "" } = lock.metadata;
  const answer = await askToClear(platform, {
    as: CLEARER,
    on: ["targetlock", name],
    text: `${WORKFLOW}: the disk was replaced`,
  });
  assert.equal(answer.code, 0, answer.stderr);
  const { metadata, spec } = await untilLock(platform, TARGET, "cleared and on record", ({ audit }) => {
    return audit?.acked?.ordinal === 1;
  });
  assert.deepEqual([metadata.annotations ?? {}, spec.audit?.pending ?? []], [{}, []]);
  assert.match(await shown(blocked), / Free$/);
  const { facts, ...row } = await recordedClearance(platform.databaseUrl, uid);
  assert.deepEqual(row, { ...clearance(), namespace: "", wfe_name: name });
  const { clearReason, clearMethod, blockedExecutionUid } = facts;
  assert.deepEqual(
    [clearReason, clearMethod, blockedExecutionUid],
    ["the disk was replaced", "TargetLockAnnotation", by.uid],
  );
}

async function clearOnExecution(blocked: Blocked): Promise<void> {
  const { platform, by } = blocked;
  const on = ["workflowexecution", by.name, "-n", NAMESPACE];
  const answer = await askToClear(platform, { as: CLEARER, on, text: "the disk was replaced again" });
  assert.equal(answer.code, 0, answer.stderr);
  const recorded = await reaches(
    platform,
    by.name,
    "cleared and on record",
    ({ audit }) => audit?.acked?.ordinal === 5,
  );
  const { clearedAt = "", ...clearing } = recorded.blockClearance ?? {};
  assert.ok(Date.parse(clearedAt) >= Date.parse(recorded.completionTime ?? ""), clearedAt);
  const clearMethod = "ExecutionAnnotation";
  assert.deepEqual(clearing, { clearedBy: CLEARER, clearReason: "the disk was replaced again", clearMethod });
  await untilLock(platform, TARGET, "without a block", ({ summary }) => summary?.blocked === undefined);
  assert.match(await shown(blocked), / Free$/);
  const trail = ["requested", "starting", "started", "failed", "block.cleared"];
  const { phase, failure_reason } = await assertTrail(platform.databaseUrl, by.uid, trail);
  assert.deepEqual([phase, failure_reason], ["Failed", "TaskFailed"]);
  const { facts: _facts, ...row } = await recordedClearance(platform.databaseUrl, by.uid);
  assert.deepEqual(row, { ...clearance(), namespace: NAMESPACE, wfe_name: by.name });
  const event = await eventWith(platform, by.uid, "BlockCleared");
  assert.match(event.message, /block cleared by ann@example\.com: the disk was replaced again$/);
}

/** What the record of a clearing says wherever it was asked for. */
function clearance(): Partial<Awaited<ReturnType<typeof recordedClearance>>> {
  return {
    workflow_id: WORKFLOW,
    target: canonical(TARGET),
    outcome: "success",
    reason: "PreviousExecutionFailed",
    actor: CLEARER,
  };
}

/** Runs it and lets it fail: something of it really ran. */
async function fail(platform: Platform, name: string): Promise<Blocked> {
  const by = await created(platform, { ...wanted(platform, name), parameters: FAILS });
  const { phase, reason } = await settled(platform, name);
  assert.deepEqual([phase, reason], ["Failed", "TaskFailed"]);
  assert.equal(startedRuns(platform.witness.changes(), by.uid).size, 1);
  const lock = await untilLock(platform, TARGET, `blocked by ${name}`, ({ workflows }) => {
    return workflows?.some(({ blockedBy }) => blockedBy?.uid === by.uid) === true;
  });
  return { platform, by, lock };
}

/** The line of the lock in `kubectl get`. */
async function shown({ platform, lock }: Blocked): Promise<string> {
  return (await platform.kubectl("get", "tlock", lock.metadata.name, "--no-headers")).trimEnd();
}

function wanted({ bundles }: Platform, name: string): Wanted {
  return { name, workflowId: WORKFLOW, bundle: bundles.pause, target: `deployment/${TARGET}` };
}
