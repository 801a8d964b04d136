import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MOST_FAILING_TARGETS, type FailingTarget, type GaugeSources } from "./gauges.ts";
import { createMetrics, type Metrics } from "./metrics.ts";

function sources(changed: Partial<GaugeSources> = {}): GaugeSources {
  return {
    activeExecutions: () => 2,
    failingTargets: () => [],
    queueDepths: () => ({ executions: 3 }),
    auditBacklog: () => 4,
    isAuditClosed: () => true,
    auditOldestPendingSeconds: () => 5.5,
    liveEvidence: () => ({ lost_pod: 8, log: 0 }),
    ...changed,
  };
}

/** The samples whose name begins so, without buckets. */
async function samples(metrics: Metrics, prefix = "workflowexecution_"): Promise<readonly string[]> {
  const lines = (await metrics.render()).split("\n");
  return lines.filter((line) => line.startsWith(prefix) && !line.includes("_bucket{"));
}

describe("the gauges", () => {
  it("are absent until their sources are known", async () => {
    const names = await samples(createMetrics());
    assert.deepEqual(
      names.filter((line) => /active|backlog |closed|depth|oldest|consecutive|evidence/.test(line)),
      [],
    );
  });

  it("show what is true at the scrape", async () => {
    const metrics = createMetrics();
    let active = 1;
    metrics.observe(sources({ activeExecutions: () => active }));
    assert.deepEqual(await samples(metrics, "workflowexecution_active"), ["workflowexecution_active 1"]);
    active = 7;
    const lines = await samples(metrics);
    for (const line of [
      "workflowexecution_active 7",
      "workflowexecution_audit_backlog 4",
      "workflowexecution_audit_oldest_pending_seconds 5.5",
      "workflowexecution_audit_closed 1",
      'workflowexecution_workqueue_depth{queue="executions"} 3',
      'workflowexecution_live_evidence{kind="lost_pod"} 8',
      'workflowexecution_live_evidence{kind="log"} 0',
    ]) {
      assert.ok(lines.includes(line), line);
    }
  });

  it("fail the scrape where a source fails", async () => {
    const metrics = createMetrics();
    metrics.observe(
      sources({
        auditBacklog: () => {
          throw new Error("closed");
        },
      }),
    );
    await assert.rejects(metrics.render(), /closed/);
  });

  const targets: readonly (readonly [string, readonly FailingTarget[], readonly string[]])[] = [
    ["forget a target that fails no more", [{ targetResource: "a", consecutiveFailures: 0 }], []],
    [
      "show the worst workflow of a target",
      [1, 3, 2].map((consecutiveFailures) => ({ targetResource: "ns/pods/a", consecutiveFailures })),
      ['workflowexecution_consecutive_failures{target_resource="ns/pods/a"} 3'],
    ],
  ];
  for (const [sentence, failing, expected] of targets) {
    it(sentence, async () => {
      const metrics = createMetrics();
      let now: readonly FailingTarget[] = [{ targetResource: "a", consecutiveFailures: 1 }];
      metrics.observe(sources({ failingTargets: () => now }));
      await metrics.render();
      now = failing;
      assert.deepEqual(await samples(metrics, "workflowexecution_consecutive_failures"), expected);
    });
  }

  it("show a bounded number of targets, the worst ones", async () => {
    const metrics = createMetrics();
    const many = Array.from({ length: 1_000 }, (_, i) => ({ targetResource: `t${String(i)}`, consecutiveFailures: i }));
    metrics.observe(sources({ failingTargets: () => many }));
    const lines = await samples(metrics, "workflowexecution_consecutive_failures");
    assert.equal(lines.length, MOST_FAILING_TARGETS);
    assert.ok(lines.includes('workflowexecution_consecutive_failures{target_resource="t999"} 999'));
  });
});
