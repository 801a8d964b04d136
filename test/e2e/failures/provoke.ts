/** What people and machines do to a run while it is under way. */
import assert from "node:assert/strict";
import { conditionOf, isTerminal } from "../../../pkg/execution/conditions.ts";
import type { WorkflowExecutionSpec, WorkflowExecutionStatus } from "../../../pkg/api/workflow-execution.ts";
import { reaches } from "../execute.ts";
import { EXECUTION_NAMESPACE, NAMESPACE } from "../platform.ts";
import type { Scene } from "./fault-case.ts";
import { stepSpeaks } from "./follow.ts";

type Provocation = (scene: Scene) => Promise<void>;

/** Does nothing but wait until the execution says, while it still runs, that it is stuck and why: `reason: message`. */
export function untilStuck(why: RegExp): Provocation {
  return async ({ platform, execution: { name } }) => {
    const status = await reaches(platform, name, `stuck, ${String(why)}, or ended`, (seen) => {
      return why.test(obstacleIn(seen)) || isTerminal(seen.phase);
    });
    assert.match(obstacleIn(status), why, "it ended without ever saying that it was stuck");
  };
}

function obstacleIn(status: WorkflowExecutionStatus): string {
  const stuck = conditionOf(status, "Stuck");
  return stuck?.status === "True" ? `${stuck.reason}: ${stuck.message}` : "";
}

/** Deletes the pod of the task `change` while its step runs: politely, or so that nobody waits for it. */
export function deletePod(how: "politely" | "by force"): Provocation {
  return async (scene) => {
    const pod = await stepSpeaks(scene, "change", "change");
    const force = how === "by force" ? ["--grace-period=0", "--force"] : [];
    const { name } = pod.metadata;
    await scene.platform.kubectl("delete", "pod", name, "-n", EXECUTION_NAMESPACE, "--wait=false", ...force);
  };
}

/** Evicts the pod of the task `change` through the API, as the drain of a node does. */
export async function evictPod(scene: Scene): Promise<void> {
  const { name } = (await stepSpeaks(scene, "change", "change")).metadata;
  const metadata = { name, namespace: EXECUTION_NAMESPACE };
  const path = `/api/v1/namespaces/${EXECUTION_NAMESPACE}/pods/${name}/eviction`;
  const { code, stderr } = await scene.platform.cluster.kubectl(["create", "--raw", path, "-f", "-"], {
    input: JSON.stringify({ apiVersion: "policy/v1", kind: "Eviction", metadata }),
  });
  if (code !== 0) throw new Error(stderr);
}

type Cancel = NonNullable<WorkflowExecutionSpec["cancel"]>;

/** Somebody who may do everything, under a name of her own. */
const CANCELLER = "alice";

/** Cancels the execution while the step of the task `change` runs. */
export function cancel(mode: Cancel["mode"]): Provocation {
  return async (scene) => {
    await stepSpeaks(scene, "change", "change");
    const asked: Cancel = { mode, reason: "it was the wrong target", requestedBy: { username: CANCELLER } };
    const patch = ["--type=merge", "-p", JSON.stringify({ spec: { cancel: asked } })];
    const who = [`--as=${CANCELLER}`, "--as-group=system:masters"];
    await scene.platform.kubectl("patch", "workflowexecution", scene.execution.name, "-n", NAMESPACE, ...patch, ...who);
  };
}

/** Deletes the run behind the controller's back. */
export async function deleteRun(scene: Scene): Promise<void> {
  await stepSpeaks(scene, "change", "change");
  const { name } = scene.execution;
  const { executionRef } = await reaches(scene.platform, name, "Running", ({ phase }) => phase === "Running");
  const run = executionRef?.name ?? "";
  await scene.platform.kubectl("delete", "pipelinerun", run, "-n", EXECUTION_NAMESPACE, "--wait=false");
}

/** Deletes the execution itself. */
export async function deleteExecution(scene: Scene): Promise<void> {
  await stepSpeaks(scene, "change", "change");
  const { name } = scene.execution;
  await scene.platform.kubectl("delete", "workflowexecution", name, "-n", NAMESPACE, "--wait=false");
}
