import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import type { ExecutedPod } from "../../../pkg/tekton/executed-pods.ts";
import { BUNDLE } from "../../support/controller-world.ts";
import { conditionStatus, playToEnd, runsOf, untilLock, untilSettled, type ControllerContext } from "./context.ts";
import { auditRows, auditView, eventsWith, factsOf } from "./records.ts";
import { whoAmI } from "./stopping.ts";

/** The life of an execution that succeeds, from the outside. */
export function testSuccess(context: ControllerContext): void {
  testStatus(context);
  testTraces(context);
  testRecords(context);
  testRecordedFacts(context);
}

/** The execution that all of it is about, when nothing is written any more. */
async function succeeded(context: ControllerContext): Promise<WorkflowExecution> {
  return untilSettled(context.world(), "succeeds");
}

function testStatus(context: ControllerContext): void {
  describe("an execution whose run succeeds", () => {
    let execution: WorkflowExecution;
    const phases: string[] = [];

    it("goes from Pending over Running to Completed", async () => {
      const world = context.world();
      const end = world.stores.executions.subscribe(({ after }) => {
        const phase = after?.metadata.name === "succeeds" ? after.status?.phase : undefined;
        if (phase !== undefined && phases.at(-1) !== phase) phases.push(phase);
      });
      const spec = { requestedBy: { username: await whoAmI(world) } };
      const parts = { name: "succeeds", target: "payment/deployment/succeeds", parameters: { REPLICAS: "3" }, spec };
      execution = await playToEnd(world, parts, "succeed");
      end();
      assert.deepEqual(phases, ["Pending", "Running", "Completed"]);
      assert.equal(execution.status?.outcome, "Success");
    });

    it("has the conditions that people and programs wait for", () => {
      const types = [
        "Finished",
        "Succeeded",
        "Ready",
        "TektonPipelineCreated",
        "TektonPipelineComplete",
        "AuditRecorded",
      ];
      for (const type of types) assert.equal(conditionStatus(execution.status, type), "True", type);
      for (const type of ["Reconciling", "Stalled", "ResourceLocked", "TektonPipelineRunning", "Stuck"]) {
        assert.equal(conditionStatus(execution.status, type), "False", type);
      }
    });

    it("shows the progress and the digest that ran", () => {
      assert.equal(execution.status?.executionStatus?.progress, "1/1");
      assert.equal(execution.status.bundle?.digest, `sha256:${"a".repeat(64)}`);
      assert.match(execution.status.duration ?? "", /^\d+s$/);
    });
  });
}

function testTraces(context: ControllerContext): void {
  describe("an execution whose run has succeeded", () => {
    it("made one run, with its parameters, its target and its bundle", async () => {
      const execution = await succeeded(context);
      const runs = runsOf(context.world(), execution);
      assert.equal(runs.length, 1);
      assert.deepEqual(runs[0]?.spec.params, [
        { name: "PLAY_ENDING", value: "never" },
        { name: "REPLICAS", value: "3" },
        { name: "TARGET_RESOURCE", value: "payment/deployment/succeeds" },
      ]);
      assert.equal(runs[0].spec.pipelineRef?.params[0]?.value, BUNDLE);
      assert.equal(runs[0].metadata.uid, execution.status?.executionRef?.uid);
    });

    it("gave its target back, with a cooldown", async () => {
      const target = "payment/deployments.apps/succeeds";
      const lock = await untilLock(context.world(), target, "Free", ({ spec }) => spec.state === "Free");
      assert.equal(lock.spec.workflows?.[0]?.lastExecution?.name, "succeeds");
      assert.notEqual(lock.spec.workflows[0].cooldownEndsAt, undefined);
    });

    it("is told by two events and no more", async () => {
      const execution = await succeeded(context);
      const events = await eventsWith(context.world(), execution, "ExecutionCompleted");
      assert.deepEqual(
        events.map(({ type, reason }) => [type, reason]),
        [
          ["Normal", "ExecutionCompleted"],
          ["Normal", "ExecutionStarted"],
        ],
      );
    });
  });
}

function testRecords(context: ControllerContext): void {
  describe("the record of an execution whose run has succeeded", () => {
    it("has no gap, and the receipt in the status is that of the last row", async () => {
      const execution = await succeeded(context);
      const rows = await auditRows(context.world(), execution);
      assert.deepEqual(
        rows.map(({ ordinal, event, outcome }) => [ordinal, event, outcome]),
        [
          [1, "requested", "success"],
          [2, "starting", "pending"],
          [3, "started", "success"],
          [4, "completed", "success"],
        ],
      );
      const { acked, seq, hash } = execution.status?.audit ?? {};
      assert.deepEqual([acked?.ordinal, String(seq), hash], [4, rows[3]?.seq, rows[3]?.hash]);
    });

    it("is one row of the auditors' view", async () => {
      const execution = await succeeded(context);
      const row = await auditView(context.world(), execution);
      const { target_resource, phase, outcome, pipelinerun_name, correlation_id, parameters } = row;
      assert.deepEqual(
        { target_resource, phase, outcome, pipelinerun_name, correlation_id, parameters },
        {
          target_resource: "payment/deployments.apps/succeeds",
          phase: "Completed",
          outcome: "Success",
          pipelinerun_name: execution.status?.executionRef?.name,
          correlation_id: "succeeds-request",
          parameters: { REPLICAS: "redacted", PLAY_ENDING: "redacted" },
        },
      );
    });
  });
}

function testRecordedFacts(context: ControllerContext): void {
  describe("the record of an execution whose run has succeeded", () => {
    it("says who asked for it, and of every row who recorded it, as the recorder's log does", async () => {
      const execution = await succeeded(context);
      const rows = await auditRows(context.world(), execution);
      const me = await whoAmI(context.world());
      assert.deepEqual(
        rows.map(({ actor }) => actor),
        [me, null, null, null],
      );
      const line = (await context.controller().log()).find((one) => one["recorder"] !== undefined);
      assert.match(String(line?.["recorder"]), /^.+\/[0-9a-f]{8}$/);
      for (const row of rows) {
        const said = [row.recorder, row.policy_hash, row.controller_version];
        assert.deepEqual(said, [line?.["recorder"], line?.["policyHash"], line?.["controllerVersion"]]);
      }
    });

    it("says as whom it ran, which bundle, and in which pods its steps ran", async () => {
      const world = context.world();
      const execution = await succeeded(context);
      for (const { service_account, bundle_digest } of (await auditRows(world, execution)).slice(1)) {
        assert.deepEqual([service_account, bundle_digest], ["kubernaut-workflow-runner", `sha256:${"a".repeat(64)}`]);
      }
      const { steps = "" } = await factsOf(world, execution, "completed");
      const pods = world.stores.pods.byIndex("execution", execution.metadata.uid ?? "");
      assert.equal(pods.length, 1);
      assert.deepEqual(
        (JSON.parse(steps) as { readonly pods: readonly ExecutedPod[] }).pods.map(({ pod, podUid }) => [pod, podUid]),
        pods.map(({ metadata }) => [metadata.name, metadata.uid]),
      );
      assert.match(steps, /"image":"example.com\/action@sha256:1+"/);
    });
  });
}
