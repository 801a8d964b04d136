import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { historyOf } from "../../pkg/lock/history.ts";
import { conditionOf } from "../../pkg/execution/conditions.ts";
import { everSeen, overlaps, startedRuns } from "../support/witness/exclusive.ts";
import { assertTrail } from "./audit-trail.ts";
import { created, eventWith, reaches, settled, type Created, type Wanted } from "./execute.ts";
import { NAMESPACE, type Platform, type Stage } from "./platform.ts";
import { assertSkipped } from "./skipped.ts";
import { canonical, untilLock } from "./target-lock.ts";

const TARGET = "held";
const WAIT = { onBusy: "Wait", executionConfig: { maxDelay: "2m" } } as const;
const BRIEFLY = { onBusy: "Wait", executionConfig: { maxDelay: "4s" } } as const;

interface Scene {
  readonly platform: Platform;
  readonly holder: Created;
  /** Since when it holds the target. */
  readonly since: string | undefined;
  readonly waiter: Created;
  readonly late: Created;
  readonly skipped: Created;
}

/** What becomes of executions whose target another one holds. BR-WE-009. */
export function heldTargetSuite(stage: Stage): void {
  describe("while another execution holds the target", () => {
    let scene: Scene;
    before(async () => {
      scene = await setScene(stage());
    });
    skipTest(() => scene);
    deadlineTest(() => scene);
    waitTests(() => scene);
  });
}

/** One holds the target for some seconds. Meanwhile one waits, then one that waits not for long, and one that doesn't. */
async function setScene(platform: Platform): Promise<Scene> {
  const holder = await created(platform, wanted(platform, "held-holder", { PAUSE_SECONDS: "8" }));
  const { spec } = await untilLock(platform, TARGET, "held", (lock) => lock.holder?.uid === holder.uid);
  const waiter = await created(platform, { ...wanted(platform, "held-waiter"), spec: WAIT });
  await reaches(platform, waiter.name, "waiting", ({ reason }) => reason === "WaitingForTarget");
  const late = await created(platform, { ...wanted(platform, "held-late"), spec: BRIEFLY });
  const skipped = await created(platform, wanted(platform, "held-skipped"));
  return { platform, holder, since: spec.holder?.since, waiter, late, skipped };
}

function skipTest(scene: () => Scene): void {
  it("an execution is skipped, and told who holds it since when", async () => {
    const { platform, holder, since, skipped } = scene();
    const { skipDetails } = await assertSkipped(platform, skipped, {
      reason: "ResourceBusy",
      because: holder.name,
      message: /held by execution e2e\/held-holder \(workflow held-holder\) since 2/,
      retry: { disposition: "WhenReleased" },
    });
    assert.deepEqual(skipDetails.conflictingWorkflow, {
      name: holder.name,
      namespace: NAMESPACE,
      uid: holder.uid,
      workflowId: holder.name,
      startedAt: since,
      targetResource: canonical(TARGET),
    });
  });
}

function deadlineTest(scene: () => Scene): void {
  it("one that waits longer than it may fails as too late, which counts as nothing", async () => {
    const { platform, late } = scene();
    const status = await settled(platform, late.name);
    assert.deepEqual(
      [status.phase, status.reason, status.retry],
      ["Failed", "DeadlineExceeded", { disposition: "Now" }],
    );
    assert.match(status.message ?? "", /^not started until .* \(maxDelay\).*it waited at position/);
    assert.equal(status.failureDetails?.wasExecutionFailure, false);
    assert.deepEqual([status.consecutiveFailures, status.nextAllowedExecution], [undefined, undefined]);
    assert.equal(everSeen("run", platform.witness.changes(), late.uid).size, 0);
    assert.match((await eventWith(platform, late.uid, "ExecutionFailed")).message, /DeadlineExceeded/);
    const row = await assertTrail(platform.databaseUrl, late.uid, ["requested", "failed"]);
    assert.deepEqual([row.phase, row.failure_reason], ["Failed", "DeadlineExceeded"]);
  });
}

function waitTests(scene: () => Scene): void {
  it("one that waits stays Pending, and says at which position and behind whom", () => {
    const { platform, waiter } = scene();
    const waiting = platform.witness.changes().flatMap(({ kind, object }) => {
      return kind === "execution" && object.metadata.uid === waiter.uid && object.status?.reason === "WaitingForTarget"
        ? [object.status]
        : [];
    });
    const [first] = waiting;
    assert.match(first?.message ?? "", /^position 1, until .* at the latest: .* held by execution e2e\/held-holder /);
    const locked = conditionOf(first, "ResourceLocked");
    assert.deepEqual([locked?.status, locked?.reason], ["False", "WaitingForTarget"]);
    assert.ok(waiting.every(({ phase, executionRef }) => phase === "Pending" && executionRef === undefined));
  });

  it("and runs as the next one, when the first has ended", async () => {
    const { platform, holder, waiter, late } = scene();
    const statuses = await Promise.all([holder, waiter].map(({ name }) => settled(platform, name)));
    assert.deepEqual(
      statuses.map(({ phase }) => phase),
      ["Completed", "Completed"],
    );
    const [first, next] = statuses.map(({ locks }) => locks?.[0]?.epoch);
    assert.equal(next, (first ?? NaN) + 1);
    await assertTrail(platform.databaseUrl, waiter.uid, ["requested", "starting", "started", "completed"]);
    const lock = await untilLock(platform, TARGET, "free", ({ state }) => state === "Free");
    assert.equal(historyOf(lock, late.name), undefined, "the one that was late has left no trace");
  });

  it("so that never two of them could act on it at once", () => {
    const { platform, holder, waiter } = scene();
    const changes = platform.witness.changes();
    for (const { uid } of [holder, waiter]) {
      assert.deepEqual([startedRuns(changes, uid).size, everSeen("pod", changes, uid).size], [1, 1]);
    }
    const ours = changes.filter(({ object }) => object.metadata.name.startsWith("held-"));
    assert.deepEqual(
      overlaps(ours, () => TARGET),
      [],
    );
  });
}

/** Each is a workflow of its own, so that no cooldown decides. */
function wanted({ bundles }: Platform, name: string, parameters: Wanted["parameters"] = {}): Wanted {
  return { name, workflowId: name, bundle: bundles.pause, target: `deployment/${TARGET}`, parameters };
}
