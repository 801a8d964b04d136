import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { WorkflowExecutionStatus } from "../../pkg/api/workflow-execution.ts";
import { historyOf } from "../../pkg/lock/history.ts";
import { changesOf } from "../support/witness/change.ts";
import { created, reaches, settled, type Created, type Wanted } from "./execute.ts";
import { NAMESPACE, type Platform, type Stage } from "./platform.ts";
import { assertSkipped } from "./skipped.ts";
import { canonical, untilLock } from "./target-lock.ts";

const WORKFLOW = "backed-off";
const TARGET = "backoff";
const NO_SUCH_DIGEST = `sha256:${"0".repeat(64)}`;

interface Scene {
  readonly platform: Platform;
  readonly first: Created;
  readonly status: WorkflowExecutionStatus;
  /** When the workflow may be tried again, as the first failure says it. */
  readonly next: string;
  readonly skipped: Created;
  readonly patient: Created;
}

/**
 * A workflow that fails before it runs: its bundle doesn't exist. The controller has to allow two such failures in a row,
 * and a short backoff. BR-WE-012.
 */
export function backoffSuite(stage: Stage): void {
  describe("a workflow that fails before anything of it runs", () => {
    let scene: Scene;
    before(async () => {
      scene = await setScene(stage());
    });
    firstTest(() => scene);
    backoffTests(() => scene);
    exhaustedTest(() => scene);
  });
}

/** The first fails; in its backoff come one that waits and one that doesn't. */
async function setScene(platform: Platform): Promise<Scene> {
  const first = await created(platform, wanted(platform, "backoff-first"));
  const status = await settled(platform, first.name);
  const [skipped, patient] = await Promise.all([
    created(platform, wanted(platform, "backoff-skipped")),
    created(platform, { ...wanted(platform, "backoff-patient"), spec: { onBusy: "Wait" } }),
  ]);
  return { platform, first, status, next: status.nextAllowedExecution ?? "", skipped, patient };
}

function firstTest(scene: () => Scene): void {
  it("says how often it failed in a row and from when on it may be tried again, as its target remembers it", () => {
    const { platform, first, status, next } = scene();
    assert.deepEqual([status.phase, status.reason], ["Failed", "ConfigurationError"]);
    assert.deepEqual([status.consecutiveFailures, status.retry], [1, { disposition: "Never" }]);
    const seen = changesOf("lock", platform.witness.changes()).map(({ object }) => object);
    const freed = seen.find(({ spec }) => spec.targetResource === canonical(TARGET) && spec.state === "Free");
    assert.ok(freed);
    const { lastExecution, consecutiveFailures, nextAllowedAt, blockedBy } = historyOf(freed, WORKFLOW) ?? {};
    assert.deepEqual([lastExecution?.uid, consecutiveFailures, blockedBy], [first.uid, 1, undefined]);
    assert.ok(next !== "" && nextAllowedAt === next, `${next} and ${nextAllowedAt ?? "nothing"}`);
  });
}

function backoffTests(scene: () => Scene): void {
  it("is skipped until then, and told so", async () => {
    const { platform, first, next, skipped } = scene();
    const { skipDetails, ...status } = await assertSkipped(platform, skipped, {
      reason: "RecentlyRemediated",
      because: first.name,
      message: /^workflow backed-off failed once on target .* before it ran/,
      retry: { disposition: "After", after: next },
    });
    const { name, namespace, uid, outcome, cooldownEndsAt } = skipDetails.recentRemediation ?? {};
    assert.deepEqual(
      [name, namespace, uid, outcome, cooldownEndsAt],
      [first.name, NAMESPACE, first.uid, "Failed", next],
    );
    assert.deepEqual([status.consecutiveFailures, status.nextAllowedExecution], [1, next]);
  });

  it("or waits for it, if it is told to, and is tried again then", async () => {
    const { platform, next, patient } = scene();
    const waiting = await reaches(platform, patient.name, "waiting", ({ reason }) => reason === "WaitingForBackoff");
    assert.equal(waiting.phase, "Pending");
    assert.ok(waiting.message?.includes(`earliest start ${next}, when the backoff`), waiting.message);
    const { phase, reason, executionRef } = await settled(platform, patient.name);
    assert.deepEqual([phase, reason], ["Failed", "ConfigurationError"]);
    const runs = changesOf("run", platform.witness.changes()).map(({ object }) => object.metadata);
    const made = runs.find(({ uid }) => uid === executionRef?.uid)?.creationTimestamp ?? "";
    assert.ok(Date.parse(made) >= Date.parse(next), `made at ${made}, not before ${next}`);
  });
}

function exhaustedTest(scene: () => Scene): void {
  it("is not tried any more after too many failures, until somebody clears that", async () => {
    const { platform, patient } = scene();
    const last = await settled(platform, patient.name);
    assert.deepEqual([last.consecutiveFailures, last.retry], [2, { disposition: "WhenCleared" }]);
    const lock = await untilLock(platform, TARGET, "free", ({ state }) => state === "Free");
    const { since: _since, ...block } = historyOf(lock, WORKFLOW)?.blockedBy ?? { since: "" };
    assert.deepEqual(block, { ...patient, namespace: NAMESPACE, reason: "ExhaustedRetries" });
    const exhausted = await created(platform, wanted(platform, "backoff-exhausted"));
    const { skipDetails, ...status } = await assertSkipped(platform, exhausted, {
      reason: "ExhaustedRetries",
      because: patient.name,
      message: new RegExp(`failed 2 times in a row .* on TargetLock ${lock.metadata.name}$`),
      retry: { disposition: "WhenCleared" },
    });
    const { uid, cooldownEndsAt } = skipDetails.recentRemediation ?? {};
    assert.deepEqual([uid, cooldownEndsAt], [patient.uid, undefined]);
    assert.equal(status.consecutiveFailures, 2);
  });
}

function wanted({ bundles }: Platform, name: string): Wanted {
  const bundle = `${bundles.pause.split("@")[0] ?? ""}@${NO_SUCH_DIGEST}`;
  return { name, workflowId: WORKFLOW, bundle, target: `deployment/${TARGET}` };
}
