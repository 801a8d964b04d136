/** Executions that say secrets wherever something can be said, and that go all ways. */
import type { Pod } from "../../../pkg/api/core.ts";
import type { PipelineRun, TaskRun, TektonCondition } from "../../../pkg/api/tekton.ts";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import type { ResourceApi } from "../../../pkg/controller/ports.ts";
import { waitFor } from "../../cluster/wait.ts";
import type { Canary } from "../../support/canary.ts";
import { REQUESTS, type World } from "../../support/controller-world.ts";
import { clearBlock } from "./clear-block.ts";
import {
  conditionStatus,
  create,
  playToEnd,
  runsOf,
  seen,
  untilFinished,
  untilLock,
  untilRunning,
  untilSettled,
  untilStatus,
  type ControllerContext,
} from "./context.ts";
import { podsOf, taskRunsOf } from "./stopping.ts";

/** Each input has a marker of its own, so that each can be seen to arrive. */
export const MARKERS = {
  rationale: "seen-in-rationale",
  task: "seen-in-task",
  pod: "seen-in-pod",
  run: "seen-in-run",
  pull: "seen-in-pull",
  cancel: "seen-in-cancel",
  early: "seen-in-early-cancel",
  clearing: "seen-in-clearing",
  lock: "seen-in-lock",
  log: "seen-in-log",
} as const;

const POLICY = "canary";

/** Lives all of them; those that would forget what they say stay alive. */
export async function liveAll(context: ControllerContext, canary: Canary): Promise<void> {
  const world = context.world();
  await succeed(world, canary);
  await failAndClear(world, canary);
  await clearOnLock(world, canary);
  await cancelTwo(world, canary);
  await stayStuck(world, canary);
  await beLogged(context, canary);
}

type Spec = Partial<WorkflowExecution["spec"]>;

/** What is asked in all of them: secrets in the parameters and in the rationale. */
function asked(name: string, canary: Canary, spec: Spec = {}) {
  return {
    name,
    target: `payment/deployment/${name}`,
    workflowId: `workflow-of-${name}`,
    parameters: { API_TOKEN: canary.parameter, PLAY_ENDING: "never" },
    spec: { rationale: canary.text(MARKERS.rationale), ...spec },
  };
}

async function succeed(world: World, canary: Canary): Promise<void> {
  await playToEnd(world, asked("canary-succeeds", canary), "succeed");
}

/** Fails with secrets in all words that Tekton and the kubelet say; then another one is skipped, and the block cleared. */
async function failAndClear(world: World, canary: Canary): Promise<void> {
  const name = "canary-fails";
  await create(world, asked(name, canary));
  const running = await untilAtWork(world, name);
  world.player.hold(running.metadata.uid ?? "");
  const terminated = {
    exitCode: 1,
    reason: "Error",
    message: canary.text(MARKERS.pod),
    ...now("startedAt", "finishedAt"),
  };
  const step = { name: "change", container: "step-change", terminated };
  for (const pod of podsOf(world, running)) {
    const [status] = pod.status?.containerStatuses ?? [];
    const containerStatuses = status === undefined ? [] : [{ ...status, state: { terminated } }];
    const message = canary.text(MARKERS.pod);
    await setStatus(world.api.pods, pod, { ...pod.status, phase: "Failed", message, containerStatuses });
  }
  const ended = now("completionTime");
  for (const taskRun of taskRunsOf(world, running)) {
    const conditions = [failed(canary.text(MARKERS.task))];
    await setStatus(world.api.taskRuns, taskRun, { ...taskRun.status, ...ended, conditions, steps: [step] });
  }
  for (const run of runsOf(world, running)) {
    await setStatus(world.api.runs, run, { ...run.status, ...ended, conditions: [failed(canary.text(MARKERS.run))] });
  }
  const settled = await untilSettled(world, name);
  await create(world, {
    ...asked("canary-skipped", canary),
    target: settled.spec.targetResource,
    workflowId: workflowIdOf(settled),
  });
  await untilSettled(world, "canary-skipped");
  await clearBlock(world, ["wfe", name, "-n", REQUESTS], canary.text(MARKERS.clearing));
  await untilStatus(world, name, "its block cleared", ({ blockClearance }) => blockClearance !== undefined);
  await untilSettled(world, name);
}

/** The lock knows no parameters: only what looks like a secret is one to it. */
async function clearOnLock(world: World, canary: Canary): Promise<void> {
  const name = "canary-locked";
  const settled = await playToEnd(world, asked(name, canary), "fail");
  const target = `payment/deployments.apps/${name}`;
  const { metadata } = await untilLock(world, target, "free", ({ spec }) => spec.state === "Free");
  await clearBlock(world, ["tlock", metadata.name], `${workflowIdOf(settled)}: ${canary.line(MARKERS.lock)}`);
  await untilLock(world, target, "its clearing recorded", ({ spec }) => spec.audit?.acked !== undefined);
}

/** One is cancelled while it runs, one while it waits for the same target. */
async function cancelTwo(world: World, canary: Canary): Promise<void> {
  const first = asked("canary-cancelled", canary);
  await create(world, first);
  const running = await untilAtWork(world, first.name);
  const second = asked("canary-early", canary, { onBusy: "Wait" });
  await create(world, { ...second, target: first.target });
  const waiting = await untilStatus(world, second.name, "waiting", ({ reason }) => reason === "WaitingForTarget");
  await cancel(world, waiting, canary.text(MARKERS.early));
  await untilSettled(world, second.name);
  await cancel(world, running, canary.text(MARKERS.cancel));
  await untilSettled(world, first.name);
}

/** Its pod doesn't get its image, and its condition Stuck says why as long as it lives. */
async function stayStuck(world: World, canary: Canary): Promise<void> {
  const name = "canary-stuck";
  await create(world, asked(name, canary));
  const running = await untilAtWork(world, name);
  world.player.hold(running.metadata.uid ?? "");
  for (const pod of podsOf(world, running)) {
    const [status] = pod.status?.containerStatuses ?? [];
    const waiting = { reason: "ImagePullBackOff", message: canary.text(MARKERS.pull) };
    const containerStatuses = status === undefined ? [] : [{ ...status, state: { waiting } }];
    await setStatus(world.api.pods, pod, { ...pod.status, containerStatuses });
  }
  await untilStatus(world, name, "stuck", (status) => conditionStatus(status, "Stuck") === "True");
}

/** Its status can't be written for a while, and the API server's answer repeats the secrets: only the log tells of it. */
async function beLogged(context: ControllerContext, canary: Canary): Promise<void> {
  const world = context.world();
  const name = "canary-logged";
  const parts = asked(name, canary);
  const workflowRef = { workflowId: parts.workflowId, version: "1", workflowName: canary.line(MARKERS.log) };
  await create(world, {
    ...parts,
    spec: { ...parts.spec, workflowRef: { ...workflowRef, containerImage: "example/w:1" } },
  });
  const running = await untilAtWork(world, name);
  await refuseStatuses(world, name);
  world.player.end(running.metadata.uid ?? "", "succeed");
  await waitFor("the answer in the log", 30_000, async () => {
    return JSON.stringify(await context.controller().log()).includes(MARKERS.log);
  });
  await world.kubectl("delete", "validatingadmissionpolicybinding,validatingadmissionpolicy", POLICY);
  await untilFinished(world, name);
}

async function refuseStatuses(world: World, name: string): Promise<void> {
  const rule = {
    apiGroups: ["kubernaut.ai"],
    apiVersions: ["*"],
    operations: ["UPDATE"],
    resources: ["workflowexecutions/status"],
    resourceNames: [name],
  };
  const messageExpression = "object.spec.workflowRef.workflowName + ' ' + object.spec.parameters.API_TOKEN";
  const [apiVersion, metadata] = ["admissionregistration.k8s.io/v1", { name: POLICY }];
  const validations = [{ expression: "false", messageExpression }];
  const objects = [
    {
      ...{ apiVersion, kind: "ValidatingAdmissionPolicy", metadata },
      spec: { matchConstraints: { resourceRules: [rule] }, validations },
    },
    {
      ...{ apiVersion, kind: "ValidatingAdmissionPolicyBinding", metadata },
      spec: { policyName: POLICY, validationActions: ["Deny"] },
    },
  ];
  const input = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  await world.cluster.kubectl(["create", "-f", "-"], { input });
  const patch = ["patch", "wfe", name, "-n", REQUESTS, "--subresource=status", "--type=merge", "--dry-run=server"];
  await waitFor("the policy to be enforced", 60_000, async () => {
    const { stderr } = await world.cluster.kubectl([...patch, "-p", '{"status":{"message":"x"}}']);
    return stderr.includes(`ValidatingAdmissionPolicy '${POLICY}'`);
  });
}

/** Running, with a pod that the kubelet has begun. */
async function untilAtWork(world: World, name: string): Promise<WorkflowExecution> {
  const running = await untilRunning(world, name);
  await world.until(`the step of ${name} to run`, () =>
    podsOf(world, running).find(({ status }) => status?.phase === "Running"),
  );
  return seen(world, name) ?? running;
}

async function cancel(world: World, { metadata }: WorkflowExecution, reason: string): Promise<void> {
  const value = { mode: "Cancel", reason };
  await world.api.executions.jsonPatch(metadata, [{ op: "add", path: "/spec/cancel", value }]);
}

type Written = PipelineRun | TaskRun | Pod;

/** Of the object as it is now: the watch may be behind. */
async function setStatus<T extends Written>(api: ResourceApi<T>, { metadata }: T, status: T["status"]): Promise<void> {
  const now = await api.get(metadata);
  if (now === undefined) throw new Error(`${metadata.name} is gone`);
  await api.replaceStatus({ ...now, status });
}

function failed(message: string): TektonCondition {
  return { type: "Succeeded", status: "False", reason: "Failed", message, ...now("lastTransitionTime") };
}

function now<const K extends string>(...names: readonly K[]): Readonly<Record<K, string>> {
  const time = `${new Date().toISOString().slice(0, 19)}Z`;
  return Object.fromEntries(names.map((name) => [name, time])) as Readonly<Record<K, string>>;
}

function workflowIdOf({ spec }: WorkflowExecution): string {
  return spec.workflowRef.workflowId;
}
