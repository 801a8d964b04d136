import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waitFor } from "../../cluster/wait.ts";
import { RUNS } from "../../support/controller-world.ts";
import { installProduct } from "../../support/platform/manifests.ts";
import { create, seen, untilFinished, untilStatus, type ControllerContext } from "./context.ts";
import { withoutRunQuota, withRunQuota } from "./run-quota.ts";

/** What can't go on at the moment waits, says why, and goes on by itself. */
export function testWaiting(context: ControllerContext): void {
  testQuota(context);
  testNamespace(context);
}

function testQuota(context: ControllerContext): void {
  describe("a quota that allows no more runs", () => {
    it("is waited for, with the server's words in the status", async () => {
      const world = context.world();
      await withRunQuota(world);
      await create(world, { name: "quota-freed", target: "payment/deployment/quota-freed" });
      const waiting = await untilStatus(world, "quota-freed", "waiting", ({ reason }) => reason === "QuotaExceeded");
      assert.equal(waiting.status?.phase, "Pending");
      assert.match(waiting.status.message ?? "", /exceeded quota: no-runs/);
    });

    it("ends an execution that may not wait that long, as ResourceExhausted", async () => {
      const world = context.world();
      const spec = { executionConfig: { maxDelay: "3s" } };
      await create(world, { name: "quota-late", target: "payment/deployment/quota-late", spec });
      const { status } = await untilFinished(world, "quota-late");
      assert.deepEqual([status?.phase, status?.reason], ["Failed", "ResourceExhausted"]);
      assert.equal(status?.failureDetails?.wasExecutionFailure, false);
    });

    it("lets the execution go on once it is lifted", async () => {
      const world = context.world();
      assert.equal(seen(world, "quota-freed")?.status?.phase, "Pending");
      await withoutRunQuota(world);
      assert.equal((await untilFinished(world, "quota-freed")).status?.phase, "Completed");
    });
  });
}

function testNamespace(context: ControllerContext): void {
  describe("an execution namespace that was deleted", () => {
    it("keeps executions Pending, with the reason in the status", async () => {
      const world = context.world();
      await world.kubectl("delete", "namespace", RUNS, "--timeout=120s");
      await create(world, { name: "no-namespace", target: "payment/deployment/no-namespace" });
      const reasons = new Set(["ControllerNotAllowed", "NotInstalled"]);
      const waiting = await untilStatus(world, "no-namespace", "a reason", ({ reason }) => reasons.has(reason ?? ""));
      assert.equal(waiting.status?.phase, "Pending");
      assert.match(waiting.status.message ?? "", new RegExp(RUNS));
    });

    it("lets them go on once it is there again", async () => {
      const world = context.world();
      await installProduct(world.cluster);
      assert.equal((await untilFinished(world, "no-namespace")).status?.phase, "Completed");
    });

    it("keeps a controller that starts without it unready, which says what it can't list, until it is there", async () => {
      const world = context.world();
      await world.kubectl("delete", "rolebinding", "workflow-execution-controller", "-n", RUNS);
      const controller = await context.startController({}, false);
      try {
        await waitFor("the reason why it isn't ready", 30_000, async () => {
          const answer = await controller.health("/ready?verbose");
          return answer.status === 503 && /not yet listed: .*pipelineruns/.test(await answer.text());
        });
        assert.equal((await controller.health("/health")).status, 200);
        await installProduct(world.cluster);
        await waitFor("it to be ready", 60_000, async () => (await controller.health("/ready")).status === 200);
      } finally {
        await controller.stop();
      }
    });
  });
}
