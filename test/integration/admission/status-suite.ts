import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import { ACCEPTED, bodyOf, refusalsOf } from "./answer.ts";
import type { ClusterContext } from "./cluster-context.ts";
import { anExecution, EXECUTIONS } from "./objects.ts";
import { statusChanges } from "./status-changes.ts";

/** The rules of WorkflowExecution's status: which changes of state not even a faulty controller can write. */
export function testStatus(context: ClusterContext): void {
  const { send } = context;
  describe("the status of an execution", () => {
    it("is Pending from its creation, without a write", async () => {
      const created = bodyOf(await send("POST", EXECUTIONS, anExecution())) as WorkflowExecution;
      assert.deepEqual(created.status, { phase: "Pending" });
    });
    it("can't be given at creation", async () => {
      const execution = { ...anExecution(), status: { phase: "Completed" } };
      const created = bodyOf(await send("POST", EXECUTIONS, execution)) as WorkflowExecution;
      assert.deepEqual(created.status, { phase: "Pending" });
    });
    for (const [sentence, { before, patch, refusals }] of Object.entries(statusChanges)) {
      const verdict = refusals.length === 0 ? "may change" : "can't change";
      it(`${verdict} so: ${sentence}`, async () => {
        const path = await executionWith(context, before);
        const answer = await send("PATCH", `${path}/status`, { status: patch });
        assert.deepEqual(refusalsOf(answer), refusals);
      });
    }
    it("follows the same rules where it is replaced instead of patched", async () => {
      const path = await executionWith(context, {
        phase: "Failed",
        outcome: "Failed",
        completionTime: "2026-01-02T03:04:05Z",
      });
      const stored = bodyOf(await send("GET", path)) as WorkflowExecution;
      assert.notDeepEqual(refusalsOf(await send("PUT", `${path}/status`, { ...stored, status: undefined })), ACCEPTED);
    });
  });
}

/** Creates an execution with that status. Gives its path. */
async function executionWith({ send }: ClusterContext, status: unknown): Promise<string> {
  const execution = anExecution();
  const path = `${EXECUTIONS}/${execution.metadata.name}`;
  bodyOf(await send("POST", EXECUTIONS, execution));
  bodyOf(await send("PATCH", `${path}/status?fieldValidation=Strict`, { status }));
  return path;
}
