/**
 * Records the history of a small campaign for recorded-history.test.ts, with the product as it is now:
 *
 *   node test/faults/record-sample.ts
 *
 * What nobody judges is left out: audit outboxes, annotations, the specs of pods and what Tekton copies.
 */
import type { KubernetesObject, ObjectMeta } from "../../pkg/api/meta.ts";
import type { WorkflowExecutionSpec } from "../../pkg/api/workflow-execution.ts";
import type { ExecutionParts } from "../support/controller-world.ts";
import { projectPath } from "../support/platform/manifests.ts";
import { runCampaign } from "./campaign.ts";
import { kindOfKey, type HistoryEntry } from "./history-entry.ts";
import { writeHistoryFile } from "./history-file.ts";

const wait = { onBusy: "Wait", onCooldown: "Wait" } as const;
const EXECUTIONS: readonly ExecutionParts[] = [
  played("after-the-first", "scale", wait),
  played("after-the-cooldown", "restart", wait),
  played("too-early", "evict", {}),
  played("failing", "resize", wait, { PLAY_ENDING: "fail" }),
];
const plan = {
  seed: 0,
  controllers: 2,
  bursts: [[played("first", "restart", wait)], EXECUTIONS, [played("blocked", "resize", wait)]],
};
const { history } = await runCampaign({ plan });
await writeHistoryFile(projectPath("test/faults/recorded-history.jsonl"), history.map(condensed));

function condensed(entry: HistoryEntry): HistoryEntry {
  return entry.object === undefined ? entry : { ...entry, object: condensedObject(entry.key, entry.object) };
}

function played(
  name: string,
  workflowId: string,
  waiting: Partial<WorkflowExecutionSpec>,
  parameters: Readonly<Record<string, string>> = {},
): ExecutionParts {
  const containerImage = `registry.example.com/workflows/${workflowId}@sha256:${"a".repeat(64)}`;
  const spec = { workflowRef: { workflowId, version: "1.0.0", containerImage }, ...waiting };
  return {
    name,
    target: "payment/deployment/api",
    workflowId,
    parameters: { PLAY_STEP_MS: "500", ...parameters },
    spec,
  };
}

type Parts = KubernetesObject & Readonly<Record<"spec" | "status", Readonly<Record<string, unknown>> | undefined>>;

function condensedObject(key: string, object: KubernetesObject): KubernetesObject {
  const { metadata, spec = {}, status } = object as Parts;
  const { status: state, workflowRef, targetResource } = spec;
  const judged = kindOfKey(key) === "lock" ? spec : { status: state, workflowRef, targetResource };
  return { metadata: condensedMeta(metadata), ...{ spec: judged, status: status && condensedStatus(status) } };
}

function condensedStatus(status: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { audit: _outbox, pipelineSpec: _tasks, ...judged } = status;
  return judged;
}

function condensedMeta(metadata: ObjectMeta): ObjectMeta {
  const { annotations: _notes, ...kept } = metadata;
  const { managedFields = [] } = metadata as { readonly managedFields?: readonly { readonly time?: string }[] };
  return { ...kept, ...{ managedFields: managedFields.map(({ time }) => ({ time })) } };
}
