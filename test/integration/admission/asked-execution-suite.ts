import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { FINALIZER } from "../../../pkg/api/labels.ts";
import type { ApiClient } from "./api-client.ts";
import { bodyOf } from "./answer.ts";
import { ask } from "./asks.ts";
import type { ClusterContext } from "./cluster-context.ts";
import { anExecution, executionsIn, merged } from "./objects.ts";
import { CLEARER, CONTROLLER, EDITOR, ELSEWHERE, invitePeople } from "./people.ts";
import { policyRefusal } from "./policy-refusal.ts";

const GARBAGE_COLLECTOR = "system:serviceaccount:kube-system:generic-garbage-collector";
const NAMESPACE_CONTROLLER = "system:serviceaccount:kube-system:namespace-controller";

const failure = {
  phase: "Failed",
  outcome: "Failed",
  executionRef: { namespace: "kubernaut-workflows", name: "one-0123456789abcdef", uid: "uid-1" },
  completionTime: "2026-01-02T03:04:05Z",
};
const blockClearance = {
  clearedAt: "2026-01-02T03:04:05Z",
  clearedBy: CLEARER,
  clearReason: "memory raised",
  clearMethod: "ExecutionAnnotation",
};

interface Write {
  readonly by: string;
  /** Sends it. */
  readonly write: (send: ApiClient["send"], path: string) => ReturnType<ApiClient["send"]>;
}

const annotations = ask("memory raised", CLEARER);

/** Writes of others in the order in which they may come; a merge patch or a whole object. */
const writes: Readonly<Record<string, Write>> = {
  "takes the finalizer that the controller adds": {
    by: CONTROLLER,
    write: (send, path) => send("PATCH", path, { metadata: { finalizers: [FINALIZER] } }),
  },
  "takes the status that the controller writes": {
    by: CONTROLLER,
    write: async (send, path) => {
      const stored = bodyOf(await send("GET", path));
      return send("PUT", `${path}/status`, merged(stored, { status: { blockClearance } }));
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
  "takes the removal of the finalizer by the controller, and is gone": {
    by: CONTROLLER,
    write: (send, path) => send("PATCH", path, { metadata: { finalizers: null } }),
  },
};

/** What was asked on an execution is in nobody's way. */
export function testAskedExecutions(context: ClusterContext): void {
  const { send, as } = context;
  const execution = anExecution();
  const path = `${executionsIn(ELSEWHERE)}/${execution.metadata.name}`;
  describe("an execution on which somebody has asked for a block to be lifted", () => {
    before(async () => {
      await invitePeople(context);
      bodyOf(await send("POST", executionsIn(ELSEWHERE), execution));
      bodyOf(await send("PATCH", `${path}/status`, { status: failure }));
      bodyOf(await as(CLEARER)("PATCH", path, { metadata: { annotations } }));
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
}
