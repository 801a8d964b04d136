/**
 * One story on one screen: a workload that is really broken, the execution that heals it through a real Tekton run, a
 * second one that the target's lock refuses, and the audit rows of both. Every promised fact is checked, not only shown.
 */
import type { Cluster } from "../cluster/cluster.ts";
import { createTargetNamespace, mustKubectl } from "../support/platform/manifests.ts";
import { readAuditRows, type AuditRow } from "./audit-rows.ts";
import { startPlatform } from "./platform.ts";
import { say, step } from "./say.ts";
import { deployBrokenWorkload, describeWorkload, NAMESPACE, removeOldDemos, waitUntilBroken } from "./workload.ts";

const NEW_LIMIT = "128Mi";

const { cluster, databaseUrl, bundles } = await startPlatform();
const suffix = Math.floor(Date.now() / 1000).toString(36);
const names = { workload: `payment-api-${suffix}`, heal: `heal-${suffix}`, second: `second-${suffix}` };

await step(`a broken workload: ${NAMESPACE}/${names.workload} needs more memory than its limit`, async () => {
  await createTargetNamespace(cluster, NAMESPACE);
  await removeOldDemos(cluster);
  await deployBrokenWorkload(cluster, names.workload);
  await waitUntilBroken(cluster, names.workload);
});
const before = await describeWorkload(cluster, names.workload);

await step(`a WorkflowExecution raises the limit; while it runs, a second one wants the same target`, async () => {
  await execute(cluster, names.heal);
  await waitFor(cluster, names.heal, "ResourceLocked");
  await execute(cluster, names.second);
  await waitFor(cluster, names.second, "Finished");
  await waitFor(cluster, names.heal, "Finished");
  await waitFor(cluster, names.heal, "AuditRecorded");
  await waitFor(cluster, names.second, "AuditRecorded");
});

const after = await describeWorkload(cluster, names.workload);
const rows = await readAuditRows(databaseUrl, [names.heal, names.second]);
const pods = await show("The PipelineRun ran in pods", "kubernaut-workflows", [
  "get",
  "pipelineruns,taskruns,pods",
  "-l",
  `kubernaut.ai/workflow-execution=${names.heal}`,
  "-o",
  "custom-columns=KIND:.kind,NAME:.metadata.name,SUCCEEDED:.status.conditions[?(@.type=='Succeeded')].reason,POD:.status.phase",
]);
const executions = await show("Both executions", NAMESPACE, ["get", "workflowexecutions", names.heal, names.second]);
await show(
  "What an operator sees: events",
  NAMESPACE,
  [
    "get",
    "events",
    "--sort-by=.metadata.creationTimestamp",
    "-o",
    "custom-columns=EXECUTION:.involvedObject.name,REASON:.reason,MESSAGE:.message",
    "--field-selector=involvedObject.kind=WorkflowExecution",
  ],
  suffix,
);
const skipDetails = await show("Why the second one was skipped", NAMESPACE, [
  "get",
  "workflowexecution",
  names.second,
  "-o",
  "jsonpath={.status.skipDetails.reason}: {.status.skipDetails.message}",
]);
showRows(rows);
say();
say(
  `The workload: before ${before.limit}, ${String(before.ready)} ready; after ${after.limit}, ${String(after.ready)} ready`,
);

const missing = [
  fact("the workload was broken before", before.ready === 0),
  fact("the run changed the deployment", before.limit !== NEW_LIMIT && after.limit === NEW_LIMIT),
  fact("the workload is healthy now", after.ready === 1),
  fact("the first execution is Completed", new RegExp(`${names.heal} +Completed`).test(executions)),
  fact("the second execution is Skipped", new RegExp(`${names.second} +Skipped`).test(executions)),
  fact("its details name who holds the target", skipDetails.includes(`${NAMESPACE}/${names.heal}`)),
  fact(
    "a PipelineRun with TaskRuns ran in pods",
    /PipelineRun .*Succeeded/.test(pods) && /Pod .*Succeeded$/m.test(pods),
  ),
  fact(
    "PostgreSQL has the row of the completed one",
    rows.some((row) => row.name === names.heal && row.phase === "Completed"),
  ),
  fact(
    "PostgreSQL has the row of the skipped one",
    rows.some((row) => row.name === names.second && row.skip_reason === "ResourceBusy"),
  ),
].filter((problem) => problem !== undefined);
say();
if (missing.length === 0) say("All of it was checked. `make down` stops everything.");
else say(`NOT seen: ${missing.join("; ")}. Logs: .cluster/logs/controller.log`);
process.exit(missing.length === 0 ? 0 : 1);

function fact(what: string, holds: boolean): string | undefined {
  return holds ? undefined : what;
}

async function execute(on: Cluster, name: string): Promise<void> {
  const execution = {
    apiVersion: "kubernaut.ai/v1alpha1",
    kind: "WorkflowExecution",
    metadata: { name, namespace: NAMESPACE, labels: { "wfe-demo": "true" } },
    spec: {
      remediationRequestRef: { name: `oom-${names.workload}` },
      workflowRef: { workflowId: "increase-memory", version: "1.0.0", containerImage: bundles["increase-memory"] },
      targetResource: `${NAMESPACE}/deployment/${names.workload}`,
      parameters: { MEMORY_LIMIT: NEW_LIMIT },
      rationale: "the container was OOMKilled several times in a row",
      confidence: 0.9,
    },
  };
  await mustKubectl(on, ["create", "-f", "-"], JSON.stringify(execution));
}

async function waitFor(on: Cluster, name: string, condition: string): Promise<void> {
  await mustKubectl(on, [
    "wait",
    `workflowexecution/${name}`,
    "-n",
    NAMESPACE,
    `--for=condition=${condition}`,
    "--timeout=180s",
  ]);
}

/** Shows what kubectl says, under a heading; of events only this demo's. */
async function show(heading: string, namespace: string, args: readonly string[], only = ""): Promise<string> {
  const text = await mustKubectl(cluster, [...args, "-n", namespace]);
  const lines = text
    .trimEnd()
    .split("\n")
    .filter((line, index) => index === 0 || line.includes(only));
  say();
  say(`--- ${heading}`);
  for (const line of lines) say(line);
  return text;
}

function showRows(all: readonly AuditRow[]): void {
  say();
  say("--- The audit trail in PostgreSQL: view workflow_execution_audit");
  for (const row of all) {
    const end = row.skip_reason ?? row.total_duration ?? "";
    say(`${row.name}  ${row.phase}  ${row.outcome}  ${end}  ${row.target_resource}`);
    say(`    run: ${row.pipelinerun_name ?? "none"}  events: ${row.events}`);
  }
}
