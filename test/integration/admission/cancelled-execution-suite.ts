import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { FINALIZER } from "../../../pkg/api/labels.ts";
import type { WorkflowExecution, WorkflowExecutionStatus } from "../../../pkg/api/workflow-execution.ts";
import { bodyOf } from "./answer.ts";
import type { ApiClient } from "./api-client.ts";
import type { ClusterContext } from "./cluster-context.ts";
import { anExecution, executionsIn, merged } from "./objects.ts";
import { CANCELLER, CONTROLLER, EDITOR, ELSEWHERE, invitePeople } from "./people.ts";
import { policyRefusal } from "./policy-refusal.ts";

const GARBAGE_COLLECTOR = "system:serviceaccount:kube-system:generic-garbage-collector";
const NAMESPACE_CONTROLLER = "system:serviceaccount:kube-system:namespace-controller";

const completed: WorkflowExecutionStatus = {
  phase: "Completed",
  outcome: "Success",
  observedGeneration: 1,
  executionRef: { namespace: "kubernaut-workflows", name: "one-0123456789abcdef", uid: "uid-1" },
  completionTime: "2026-01-02T03:04:05Z",
};
const finished = {
  type: "Finished",
  status: "True",
  reason: "Completed",
  message: "",
  lastTransitionTime: "2026-01-02T03:04:05Z",
} as const;

interface Write {
  readonly by: string;
  /** Sends it. */
  readonly write: (send: ApiClient["send"], path: string) => ReturnType<ApiClient["send"]>;
}

/** Writes of others in the order in which they may come; a merge patch or a whole object. */
const writes: Readonly<Record<string, Write>> = {
  "takes the finalizer that the controller adds": {
    by: CONTROLLER,
    write: async (send, path) => {
      const stored = bodyOf(await send("GET", path));
      return send("PUT", path, merged(stored, { metadata: { finalizers: [FINALIZER] } }));
    },
  },
  "takes the status that the controller patches": {
    by: CONTROLLER,
    write: (send, path) => send("PATCH", `${path}/status`, { status: { message: "x" } }),
  },
  "takes a label that somebody adds": {
    by: EDITOR,
    write: (send, path) => send("PATCH", path, { metadata: { labels: { a: "b" } } }),
  },
  "takes the removal of its owners by the garbage collector": {
    by: GARBAGE_COLLECTOR,
    write: (send, path) => send("PATCH", path, { metadata: { ownerReferences: null } }),
  },
  "takes its deletion with the whole namespace": {
    by: NAMESPACE_CONTROLLER,
    write: (send) => send("DELETE", executionsIn(ELSEWHERE)),
  },
  "can still be cancelled more strongly": {
    by: CANCELLER,
    write: (send, path) => send("PATCH", path, { spec: { cancel: { mode: "Cancel" } } }),
  },
  "takes the removal of the finalizer by the controller, and is gone": {
    by: CONTROLLER,
    write: (send, path) => send("PATCH", path, { metadata: { finalizers: null } }),
  },
};

/** What was cancelled is in nobody's way; what had ended by then stays as it was. */
export function testCancelledExecutions(context: ClusterContext): void {
  const { send, as } = context;
  const execution = anExecution();
  const path = `${executionsIn(ELSEWHERE)}/${execution.metadata.name}`;
  describe("an execution that somebody has cancelled", () => {
    before(async () => {
      await invitePeople(context);
      bodyOf(await send("POST", executionsIn(ELSEWHERE), execution));
      const cancel = { mode: "StopRunFinally", reason: "wrong target", requestedBy: { username: CANCELLER } };
      bodyOf(await as(CANCELLER)("PATCH", path, { spec: { cancel } }));
    });
    for (const [sentence, { by, write }] of Object.entries(writes)) {
      it(sentence, async () => {
        assert.equal(policyRefusal(await write(as(by), path)), undefined);
      });
    }
    it("is gone in the end", async () => {
      assert.equal((await send("GET", path)).status, 404);
    });
  });
  testCancelAfterTheEnd(context);
}

function testCancelAfterTheEnd({ send, as }: ClusterContext): void {
  it("an execution that had ended may be cancelled, and the controller can say that it has seen it", async () => {
    const execution = anExecution();
    const path = `${executionsIn("default")}/${execution.metadata.name}`;
    bodyOf(await send("POST", executionsIn("default"), execution));
    bodyOf(await as(CONTROLLER)("PATCH", `${path}/status`, { status: completed }));
    const { metadata } = bodyOf(
      await as(CANCELLER)("PATCH", path, { spec: { cancel: { mode: "Cancel" } } }),
    ) as WorkflowExecution;
    assert.equal(metadata.generation, 2);
    const observedGeneration = metadata.generation;
    const seen = { observedGeneration, conditions: [{ ...finished, observedGeneration }] };
    const { status } = bodyOf(
      await as(CONTROLLER)("PATCH", `${path}/status?fieldValidation=Strict`, { status: seen }),
    ) as WorkflowExecution;
    assert.deepEqual(status, { ...completed, ...seen });
  });
}
