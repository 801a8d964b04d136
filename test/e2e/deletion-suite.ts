import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { everSeen, stillActing } from "../support/witness/exclusive.ts";
import { actingAtRelease } from "./acting-at-release.ts";
import { assertTrail } from "./audit-trail.ts";
import { assertReleased, execute, podRuns, reaches, settled, type Wanted } from "./execute.ts";
import { EXECUTION_NAMESPACE, NAMESPACE, type Platform, type Stage } from "./platform.ts";

/** Somebody deletes the run, or the execution, while a pod of it runs. */
export function deletionSuite(stage: Stage): void {
  describe("a deletion while a pod runs", () => {
    it("of the PipelineRun by somebody else: the execution fails and says so, the target waits for the pod", async () => {
      const platform = stage();
      const uid = await execute(platform, longRun(platform, "run-deleted"));
      await podRuns(platform, uid);
      const { executionRef } = await reaches(platform, "run-deleted", "Running", ({ phase }) => phase === "Running");
      await platform.kubectl(
        "delete",
        "pipelinerun",
        executionRef?.name ?? "",
        "-n",
        EXECUTION_NAMESPACE,
        "--wait=false",
      );
      const status = await settled(platform, "run-deleted");
      assert.deepEqual([status.phase, status.reason], ["Failed", "ExternallyDeleted"]);
      assert.equal(status.failureDetails?.wasExecutionFailure, true);
      assertReleased(platform, status);
      assert.ok(everSeen("pod", platform.witness.changes(), uid).size > 0);
      assert.deepEqual(actingAtRelease(platform, uid, status), [], "the target waits for the last pod");
      assert.equal(everSeen("run", platform.witness.changes(), uid).size, 1, "no second run is made");
      await assertTrail(platform.databaseUrl, uid, ["requested", "starting", "started", "failed"]);
      const events = await platform.kubectl("describe", "workflowexecution", "run-deleted", "-n", NAMESPACE);
      assert.match(events, /PipelineRunDeletedExternally/);
    });

    it("of the execution: nothing of its run is left when it is gone, and the record says what happened", async () => {
      const platform = stage();
      const uid = await execute(platform, longRun(platform, "execution-deleted"));
      await podRuns(platform, uid);
      const { locks } = await reaches(platform, "execution-deleted", "Running", ({ phase }) => phase === "Running");
      await platform.kubectl("delete", "workflowexecution", "execution-deleted", "-n", NAMESPACE, "--timeout=100s");
      const left = await platform.kubectl(
        ...["get", "pipelineruns,taskruns,pods", "-n", EXECUTION_NAMESPACE, "-o", "name"],
        ...["-l", `kubernaut.ai/workflow-execution-uid=${uid}`],
      );
      assert.equal(left, "");
      assert.deepEqual(stillActing(platform.witness.changes(), uid), []);
      assertReleased(platform, { phase: "Failed", ...(locks === undefined ? {} : { locks }) });
      const trail = ["requested", "starting", "started", "cancelled", "deleted"];
      const row = await assertTrail(platform.databaseUrl, uid, trail);
      assert.deepEqual([row.phase, row.outcome], ["Failed", "Cancelled"]);
    });
  });
}

function longRun({ bundles }: Platform, name: string): Wanted {
  return { name, bundle: bundles.pause, target: `deployment/${name}`, parameters: { PAUSE_SECONDS: "300" } };
}
