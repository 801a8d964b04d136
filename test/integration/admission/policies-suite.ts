import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waitFor } from "../../cluster/wait.ts";
import { bodyOf } from "./answer.ts";
import type { ClusterContext } from "./cluster-context.ts";

interface Policy {
  readonly metadata: { readonly name: string; readonly generation: number };
  readonly status?: { readonly observedGeneration?: number; readonly typeChecking?: unknown };
}

const POLICIES = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";

/** The policies of config/admission themselves. */
export function testPolicies({ send }: ClusterContext): void {
  describe("the admission policies", () => {
    it("have rules in whose types the API server finds nothing wrong", async () => {
      let policies: readonly Policy[] = [];
      await waitFor("the policies to be checked", 30_000, async () => {
        policies = (bodyOf(await send("GET", POLICIES)) as { items: readonly Policy[] }).items;
        return policies.every(({ metadata, status }) => status?.observedGeneration === metadata.generation);
      });
      assert.deepEqual(
        policies.map(({ metadata, status }) => [metadata.name, status?.typeChecking]),
        [
          ["targetlocks.kubernaut.ai", {}],
          ["workflowexecutions-cancel.kubernaut.ai", {}],
          ["workflowexecutions-requested-by.kubernaut.ai", {}],
          ["workflowexecutions.kubernaut.ai", {}],
        ],
      );
    });
  });
}
