import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { KubernetesObject } from "../../../pkg/api/meta.ts";
import type { TargetLock } from "../../../pkg/api/target-lock.ts";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import { bodyOf } from "./answer.ts";
import { ask, type AskCase } from "./asks.ts";
import type { ClusterContext } from "./cluster-context.ts";
import { acceptedExecutionAsks, refusedExecutionAsks, type ExecutionAskCase } from "./execution-asks.ts";
import { acceptedLockAsks, LOCKED_TARGET, refusedLockAsks, type LockAskCase } from "./lock-asks.ts";
import { aBlockingLock, anExecution, executionsIn, LOCKS, merged } from "./objects.ts";
import { CLEARER, CONTROLLER, invitePeople } from "./people.ts";
import { policyRefusal } from "./policy-refusal.ts";

/** Who may ask for a block to be lifted, on a lock and on an execution, and how. */
export function testClearing(context: ClusterContext): void {
  describe("somebody who asks for a block to be lifted", () => {
    before(() => invitePeople(context));
    testLockAsks(context);
    testExecutionAsks(context);
    testCreation(context);
    testStatus(context);
    testKubectl(context);
  });
}

function testLockAsks(context: ClusterContext): void {
  for (const [sentence, row] of [...Object.entries(acceptedLockAsks), ...Object.entries(refusedLockAsks)]) {
    it(`on a lock ${verdictOn(row)} who ${sentence}`, async () => {
      const path = await storeLock(context, row);
      const refusal = await refusalOf(context, path, row);
      assert.equal(refusal?.replace(/target-[0-9a-f]{32}/, "LOCK"), row.refusal);
      bodyOf(await context.send("DELETE", path));
    });
  }
}

function testExecutionAsks(context: ClusterContext): void {
  for (const [sentence, row] of [...Object.entries(acceptedExecutionAsks), ...Object.entries(refusedExecutionAsks)]) {
    it(`on an execution ${verdictOn(row)} who ${sentence}`, async () => {
      const path = await storeExecution(context, row);
      const refusal = await refusalOf(context, path, row);
      assert.equal(refusal?.replace(/\/execution-\d+:/, "/NAME:"), row.refusal);
      bodyOf(await context.send("DELETE", path));
    });
  }
}

function verdictOn({ refusal }: AskCase): string {
  return refusal === undefined ? "is heard" : "is refused";
}

async function refusalOf({ as }: ClusterContext, path: string, row: AskCase): Promise<string | undefined> {
  for (const annotations of row.before ?? []) bodyOf(await as(CLEARER)("PATCH", path, { metadata: { annotations } }));
  return policyRefusal(await as(row.as ?? CLEARER)("PATCH", path, { metadata: { annotations: row.change } }));
}

async function storeLock({ send }: ClusterContext, { lock: name, nothingBlocked }: LockAskCase): Promise<string> {
  const lock = merged(aBlockingLock(), {
    metadata: name === undefined ? {} : { name },
    spec: { targetResource: LOCKED_TARGET, ...(nothingBlocked === true ? { workflows: null } : {}) },
  });
  const { metadata } = bodyOf(await send("POST", `${LOCKS}?fieldValidation=Strict`, lock)) as TargetLock;
  return `${LOCKS}/${metadata.name}`;
}

const run = { namespace: "kubernaut-workflows", name: "one-0123456789abcdef", uid: "uid-1" };
const ended = { completionTime: "2026-01-02T03:04:05Z" };
const statuses = {
  Pending: { phase: "Pending" },
  Running: { phase: "Running", executionRef: run },
  Completed: { phase: "Completed", outcome: "Success", executionRef: run, ...ended },
  Skipped: { phase: "Skipped", outcome: "n/a", ...ended },
  Failed: { phase: "Failed", outcome: "Failed", executionRef: run, ...ended },
};

async function storeExecution(
  { send }: Pick<ClusterContext, "send">,
  row: Omit<ExecutionAskCase, "change">,
): Promise<string> {
  const { namespace = "default", name, phase = "Failed" } = row;
  const execution = merged(anExecution(), { metadata: name === undefined ? {} : { name } });
  const { metadata } = bodyOf(await send("POST", executionsIn(namespace), execution)) as WorkflowExecution;
  const path = `${executionsIn(namespace)}/${metadata.name}`;
  bodyOf(await send("PATCH", `${path}/status?fieldValidation=Strict`, { status: statuses[phase] }));
  return path;
}

function testCreation({ send }: ClusterContext): void {
  const name = "kubernetes-admin";
  const whole = ask("restart-deployment: x", name);
  for (const [key, value] of Object.entries(whole)) {
    it(`is refused where ${key} is set at creation, administrator or not`, async () => {
      const annotated = { metadata: { annotations: { [key]: value } } };
      assert.equal(
        policyRefusal(await send("POST", LOCKS, merged(aBlockingLock(), annotated))),
        "422: metadata.annotations: kubernaut.ai/clear-execution-block and kubernaut.ai/cleared-by can't be set at creation: a new lock has nothing to clear",
      );
      assert.equal(
        policyRefusal(await send("POST", executionsIn("default"), merged(anExecution(), annotated))),
        "422: metadata.annotations: kubernaut.ai/clear-execution-block and kubernaut.ai/cleared-by can't be set at creation: a new execution blocks nothing. Set them on the execution that failed, or on the TargetLock",
      );
    });
  }
}

function testStatus({ send, as }: ClusterContext): void {
  it("can't do it through an execution's status, which leaves annotations as they are", async () => {
    const path = await storeExecution({ send }, {});
    const annotations = ask("memory raised", CONTROLLER);
    const { metadata } = bodyOf(
      await as(CONTROLLER)("PATCH", `${path}/status`, { metadata: { annotations } }),
    ) as WorkflowExecution;
    assert.equal(metadata.annotations, undefined);
  });
}

function testKubectl({ send, as, kubectl }: ClusterContext): void {
  const who = ["--as", CLEARER];
  async function annotate(kind: string, name: string, reason: string): Promise<void> {
    const me = await kubectl(["auth", "whoami", "-o", "jsonpath={.status.userInfo.username}", ...who]);
    const both = [`kubernaut.ai/clear-execution-block=${reason}`, `kubernaut.ai/cleared-by=${me}`];
    await kubectl(["annotate", kind, name, ...both, ...who]);
  }
  it("needs no more than kubectl annotate", async () => {
    const lock = aBlockingLock();
    const execution = anExecution();
    const path = `${executionsIn("default")}/${execution.metadata.name}`;
    bodyOf(await send("POST", LOCKS, lock));
    bodyOf(await send("POST", executionsIn("default"), execution));
    bodyOf(await send("PATCH", `${path}/status`, { status: statuses.Failed }));
    await annotate("targetlock", lock.metadata.name, "restart-deployment: the memory limit was raised");
    await annotate("workflowexecution", execution.metadata.name, "the memory limit was raised");
    for (const [where, value] of [
      [`${LOCKS}/${lock.metadata.name}`, "restart-deployment: the memory limit was raised"],
      [path, "the memory limit was raised"],
    ] as const) {
      const { metadata } = bodyOf(await as(CLEARER)("GET", where)) as KubernetesObject;
      assert.deepEqual(metadata.annotations, ask(value, CLEARER));
    }
  });
}
