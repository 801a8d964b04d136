import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { WorkflowExecution, WorkflowExecutionStatus } from "../../pkg/api/workflow-execution.ts";
import { inOrder } from "../support/witness/change.ts";
import { everSeen, startedRuns } from "../support/witness/exclusive.ts";
import { assertTrail } from "./audit-trail.ts";
import { deploy } from "./deployment.ts";
import { assertReleased, conditionsOf, eventReasons, execute, settled } from "./execute.ts";
import { NAMESPACE, type Platform, type Stage } from "./platform.ts";

const NAME = "restart-shop";

interface Subject {
  readonly platform: Platform;
  readonly uid: string;
  readonly status: WorkflowExecutionStatus;
}

/** A real workflow restarts a real Deployment; right afterwards the same workflow is refused by the cooldown. */
export function successSuite(stage: Stage): void {
  describe("a workflow that succeeds", () => {
    let subject: Subject;
    before(async () => {
      subject = await succeed(stage());
    });
    statusTests(() => subject);
    surroundingTests(() => subject);
    cooldownTest(() => subject);
  });
}

async function succeed(platform: Platform): Promise<Subject> {
  await deploy(platform, "shop");
  const uid = await execute(platform, wanted(NAME, taggedReference(platform.bundles.restart), "Deployment/shop"));
  const wait = ["wait", `workflowexecution/${NAME}`, "-n", NAMESPACE, "--for=condition=Finished", "--timeout=120s"];
  await platform.kubectl(...wait);
  return { platform, uid, status: await settled(platform, NAME) };
}

/** What its status says in the end, and said on the way. */
function statusTests(subject: () => Subject): void {
  it("is Completed, with its run, its times and all its tasks done", () => {
    const { platform, uid, status } = subject();
    assert.deepEqual([status.phase, status.outcome, status.reason], ["Completed", "Success", "Succeeded"]);
    assert.deepEqual([...startedRuns(platform.witness.changes(), uid)], [status.executionRef?.uid]);
    assert.equal(everSeen("run", platform.witness.changes(), uid).size, 1);
    const { completedTasks, totalTasks, progress } = status.executionStatus ?? {};
    // Two tasks and one in `finally`, which counts from its start on.
    assert.deepEqual([completedTasks, totalTasks, progress], [3, 3, "3/3"]);
    assert.match(status.duration ?? "", /^\d+(\.\d+)?m?s/);
    assert.equal(status.failureDetails, undefined);
  });

  it("says which bundle ran, by the digest that Tekton resolved from the tag", () => {
    const { platform, status } = subject();
    assert.equal(status.bundle?.digest, platform.bundles.restart.split("@")[1]);
  });

  it("showed its progress on the way", () => {
    const { platform, uid } = subject();
    const seen = inOrder(platform.witness.changes()).flatMap(({ kind, object }) => {
      return kind === "execution" && object.metadata.uid === uid ? [progressIn(object)] : [];
    });
    assert.deepEqual([seen[0], seen.at(-1)], ["Pending", "Completed 3/3"]);
    // What comes between depends on how fast the tasks are: progress alone is written at most once a second.
    const running = new Set(seen.filter((text) => text.startsWith("Running")));
    const possible = ["0/2", "1/2", "2/2", "2/3", "3/3"].map((progress) => `Running ${progress}`);
    assert.deepEqual(
      [...running],
      possible.filter((text) => running.has(text)),
    );
    assert.ok(running.has("Running 0/2") && running.has("Running 1/2"), [...running].join(", "));
  });
}

/** What others see of it. */
function surroundingTests(subject: () => Subject): void {
  it("has every condition as the end of a success has it", () => {
    const { platform, status } = subject();
    assert.deepEqual(conditionsOf(status), {
      Finished: "True",
      Succeeded: "True",
      Ready: "True",
      Reconciling: "False",
      Stalled: "False",
      ResourceLocked: "False",
      TektonPipelineCreated: "True",
      TektonPipelineRunning: "False",
      TektonPipelineComplete: "True",
      AuditRecorded: "True",
      Stuck: "False",
    });
    assertReleased(platform, status);
  });

  it("has really restarted the Deployment", async () => {
    const { platform, status } = subject();
    const path = "jsonpath={.spec.template.metadata.annotations.kubernaut\\.ai/restarted-by}";
    const mark = await platform.kubectl("get", "deployment", "shop", "-n", NAMESPACE, "-o", path);
    assert.equal(mark, status.executionRef?.name);
  });

  it("shows an operator two events", async () => {
    const { platform, uid } = subject();
    assert.deepEqual(await eventReasons(platform, uid), ["ExecutionCompleted", "ExecutionStarted"]);
    const text = await platform.kubectl("describe", "workflowexecution", NAME, "-n", NAMESPACE);
    // kubectl describe doesn't sort events that carry an eventTime.
    assert.match(text, /Events:[^]*ExecutionStarted/);
    assert.match(text, /Events:[^]*ExecutionCompleted/);
  });

  it("is one row for auditors, made of four events", async () => {
    const { platform, uid, status } = subject();
    const row = await assertTrail(platform.databaseUrl, uid, ["requested", "starting", "started", "completed"]);
    assert.deepEqual([row.phase, row.outcome], ["Completed", "Success"]);
    assert.equal(row.pipelinerun_name, status.executionRef?.name);
  });
}

function cooldownTest(subject: () => Subject): void {
  it("is not repeated within the cooldown, however the target is written", async () => {
    const { platform, uid } = subject();
    const again = `${NAME}-again`;
    const second = await execute(platform, wanted(again, platform.bundles.restart, "deployments.apps/shop"));
    const { phase, skipDetails } = await settled(platform, again);
    assert.deepEqual([phase, skipDetails?.reason], ["Skipped", "RecentlyRemediated"]);
    assert.equal(skipDetails?.recentRemediation?.uid, uid);
    // Five minutes from the latest moment that the time of the end, in whole seconds, can mean.
    assert.match(skipDetails.recentRemediation.cooldownRemaining ?? "", /^(5m[01]s|4m\d+s)$/);
    assert.equal(everSeen("run", platform.witness.changes(), second).size, 0);
    const row = await assertTrail(platform.databaseUrl, second, ["requested", "skipped"]);
    assert.deepEqual([row.phase, row.skip_reason, row.pipelinerun_name], ["Skipped", "RecentlyRemediated", null]);
  });
}

function wanted(name: string, bundle: string, target: string): Parameters<typeof execute>[1] {
  return { name, workflowId: "restart-deployment", bundle, target };
}

function progressIn({ status }: WorkflowExecution): string {
  return [status?.phase ?? "", status?.executionStatus?.progress].filter((part) => part !== undefined).join(" ");
}

/** The tag under which a bundle was pushed, instead of its digest. */
function taggedReference(pinned: string): string {
  return `${pinned.split("@")[0] ?? ""}:1.0.0`;
}
