import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import type { GaugeSources } from "./gauges.ts";
import { createMetrics, type Metrics } from "./metrics.ts";

const sources: GaugeSources = {
  activeExecutions: () => 1,
  failingTargets: () => [{ targetResource: "ns/pods/a", consecutiveFailures: 1 }],
  queueDepths: () => ({ executions: 1 }),
  isAuditClosed: () => false,
  auditBacklog: () => 1,
  auditOldestPendingSeconds: () => 1,
  liveEvidence: () => ({ event: 1 }),
};

/** The samples whose name begins so, without buckets. */
async function samples(metrics: Metrics, prefix = "workflowexecution_"): Promise<readonly string[]> {
  const lines = (await metrics.render()).split("\n");
  return lines.filter((line) => line.startsWith(prefix) && !line.includes("_bucket{"));
}

const recordings: readonly (readonly [string, (metrics: Metrics) => void, readonly string[]])[] = [
  [
    "count an execution that succeeded, with its duration",
    ({ execution }) => {
      execution.finished("Success", 12.5);
    },
    [
      'workflowexecution_total{outcome="Success"} 1',
      'workflowexecution_duration_seconds_sum{outcome="Success"} 12.5',
      'workflowexecution_duration_seconds_count{outcome="Success"} 1',
    ],
  ],
  [
    "count an execution that failed before a run, without duration",
    ({ execution }) => {
      execution.finished("Failed", undefined);
    },
    ['workflowexecution_total{outcome="Failed"} 1'],
  ],
  [
    "count a skipped execution",
    ({ execution }) => {
      execution.skipped("ResourceBusy");
    },
    ['workflowexecution_total{outcome="n/a"} 1', 'workflowexecution_skip_total{reason="ResourceBusy"} 1'],
  ],
  [
    "count an execution skipped for earlier failures also as such",
    ({ execution }) => {
      execution.skipped("PreviousExecutionFailed");
    },
    [
      'workflowexecution_total{outcome="n/a"} 1',
      'workflowexecution_skip_total{reason="PreviousExecutionFailed"} 1',
      'workflowexecution_backoff_skip_total{reason="PreviousExecutionFailed"} 1',
    ],
  ],
  [
    "measure the creation of a PipelineRun",
    ({ execution }) => {
      execution.pipelineRunCreated(0.2);
    },
    [
      "workflowexecution_pipelinerun_creation_seconds_sum 0.2",
      "workflowexecution_pipelinerun_creation_seconds_count 1",
    ],
  ],
  [
    "measure a status that was synced",
    ({ execution }) => {
      execution.statusSynced(0.3);
    },
    ["workflowexecution_status_sync_seconds_sum 0.3", "workflowexecution_status_sync_seconds_count 1"],
  ],
  [
    "measure a lock check",
    ({ execution }) => {
      execution.lockChecked(0.004);
    },
    ["workflowexecution_lock_check_seconds_sum 0.004", "workflowexecution_lock_check_seconds_count 1"],
  ],
  [
    "count an audit event of an execution by the last word of its type, one of the trail by all of it",
    ({ audit }) => {
      audit.recorded("workflowexecution.workflow.started");
      audit.recorded("audit.started");
    },
    [
      'workflowexecution_audit_records_total{phase="started"} 1',
      'workflowexecution_audit_records_total{phase="audit.started"} 1',
    ],
  ],
  [
    "measure an audit batch",
    ({ audit }) => {
      audit.batchSent(0.01);
    },
    [
      "workflowexecution_audit_record_duration_seconds_sum 0.01",
      "workflowexecution_audit_record_duration_seconds_count 1",
    ],
  ],
  [
    "count an audit failure",
    ({ audit }) => {
      audit.failed();
    },
    ["workflowexecution_audit_record_errors_total 1"],
  ],
  [
    "count checkpoints of the audit trail by what became of them",
    ({ audit }) => {
      audit.checkpoints("written");
      audit.checkpoints("lost", 2);
    },
    [
      'workflowexecution_audit_checkpoints_total{result="lost"} 2',
      'workflowexecution_audit_checkpoints_total{result="written"} 1',
    ],
  ],
  [
    "count and measure keys in a queue",
    ({ runtime }) => {
      const hooks = runtime.queueHooks("executions");
      hooks.onQueued();
      hooks.onRetry();
      hooks.onTaken(0.5);
    },
    [
      'workflowexecution_workqueue_adds_total{queue="executions"} 1',
      'workflowexecution_workqueue_retries_total{queue="executions"} 1',
      'workflowexecution_workqueue_wait_seconds_sum{queue="executions"} 0.5',
      'workflowexecution_workqueue_wait_seconds_count{queue="executions"} 1',
    ],
  ],
  [
    "count and measure reconciles",
    ({ runtime }) => {
      runtime.workerHooks("locks").onReconciled("error", 0.25);
    },
    [
      'workflowexecution_reconcile_total{queue="locks",result="error"} 1',
      'workflowexecution_reconcile_seconds_sum{queue="locks"} 0.25',
      'workflowexecution_reconcile_seconds_count{queue="locks"} 1',
    ],
  ],
  [
    "count watches that began again",
    ({ runtime }) => {
      runtime.watchHooks("pods").onRestart("closed");
    },
    ['workflowexecution_watch_restarts_total{resource="pods",reason="closed"} 1'],
  ],
  [
    "count and measure API requests",
    ({ runtime }) => {
      runtime.onRequest({ verb: "create", resource: "pipelineruns", code: 201, seconds: 0.125 });
    },
    [
      'workflowexecution_api_requests_total{verb="create",resource="pipelineruns",code="201"} 1',
      'workflowexecution_api_request_seconds_sum{verb="create",resource="pipelineruns"} 0.125',
      'workflowexecution_api_request_seconds_count{verb="create",resource="pipelineruns"} 1',
    ],
  ],
];

describe("the metrics", () => {
  for (const [sentence, record, expected] of recordings) {
    it(sentence, async () => {
      const metrics = createMetrics();
      const before = new Set(await samples(metrics));
      record(metrics);
      const changed = (await samples(metrics)).filter((line) => !before.has(line));
      assert.deepEqual(changed.toSorted(), expected.toSorted());
    });
  }

  it("show the known outcomes and reasons as 0 before the first one, so that a rate sees it", async () => {
    assert.deepEqual((await samples(createMetrics(), "workflowexecution_total")).toSorted(), [
      'workflowexecution_total{outcome="Cancelled"} 0',
      'workflowexecution_total{outcome="Failed"} 0',
      'workflowexecution_total{outcome="Success"} 0',
      'workflowexecution_total{outcome="n/a"} 0',
    ]);
    assert.deepEqual(await samples(createMetrics(), "workflowexecution_skip_total"), [
      'workflowexecution_skip_total{reason="ResourceBusy"} 0',
      'workflowexecution_skip_total{reason="RecentlyRemediated"} 0',
      'workflowexecution_skip_total{reason="ExhaustedRetries"} 0',
      'workflowexecution_skip_total{reason="PreviousExecutionFailed"} 0',
    ]);
    assert.deepEqual(await samples(createMetrics(), "workflowexecution_audit_checkpoints_total"), [
      'workflowexecution_audit_checkpoints_total{result="written"} 0',
      'workflowexecution_audit_checkpoints_total{result="failed"} 0',
      'workflowexecution_audit_checkpoints_total{result="lost"} 0',
      'workflowexecution_audit_checkpoints_total{result="forged"} 0',
    ]);
  });

  it("take a duration below 0 as 0, because two clocks may differ, and drop what is no number", async () => {
    const metrics = createMetrics();
    for (const seconds of [-1, NaN, Infinity]) metrics.execution.statusSynced(seconds);
    assert.deepEqual(await samples(metrics, "workflowexecution_status_sync_seconds"), [
      "workflowexecution_status_sync_seconds_sum 0",
      "workflowexecution_status_sync_seconds_count 1",
    ]);
  });

  for (const [name, target] of [
    ["workflowexecution_lock_check_seconds", "0.1"],
    ["workflowexecution_pipelinerun_creation_seconds", "5"],
    ["workflowexecution_status_sync_seconds", "10"],
  ] as const) {
    it(`have a bucket that ends at the target of ${name}`, async () => {
      assert.ok((await createMetrics().render()).includes(`${name}_bucket{le="${target}"}`));
    });
  }

  it("are of one process: two of them don't mix", async () => {
    const [first, second] = [createMetrics(), createMetrics()];
    first.execution.finished("Success", 1);
    assert.ok((await samples(second)).includes('workflowexecution_total{outcome="Success"} 0'));
  });

  it("tell about the process itself", async () => {
    assert.match(await createMetrics().render(), /^process_cpu_seconds_total [^]*^nodejs_eventloop_lag_p99_seconds /m);
  });
});

/** `name{labels} | type | help` of each metric that was recorded. */
function describeMetrics(text: string): readonly string[] {
  return [...text.matchAll(/^# HELP (workflowexecution_\S+) (.*)\n# TYPE \S+ (\w+)\n(?:\w+(?:\{(.*)\})? )?/gm)].map(
    ([, name = "", help = "", type = "", sample = ""]) => {
      const labels = [...sample.matchAll(/(\w+)="/g)].map(([, label]) => label).filter((label) => label !== "le");
      return `${name}${labels.length === 0 ? "" : `{${labels.join(", ")}}`} | ${type} | ${help}`;
    },
  );
}

describe("docs/metrics.md", () => {
  const markdown = readFileSync(path.join(import.meta.dirname, "..", "..", "docs", "metrics.md"), "utf8");

  it("has a row for each metric, with its labels, type and meaning, and no other ones", async () => {
    const metrics = createMetrics();
    metrics.observe(sources);
    for (const [, record] of recordings) record(metrics);
    const rows = [...markdown.matchAll(/^\| `(workflowexecution_[^`]*)` \| (.*) \|$/gm)].map(
      ([, name = "", rest = ""]) => `${name} | ${rest}`,
    );
    assert.deepEqual(rows.toSorted(), describeMetrics(await metrics.render()).toSorted());
  });
});
