import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WorkflowExecutionStatus } from "../../pkg/api/workflow-execution.ts";
import { everSeen, overlaps, startedRuns } from "../support/witness/exclusive.ts";
import { assertTrail } from "./audit-trail.ts";
import { execute, settled, type Wanted } from "./execute.ts";
import { NAMESPACE, type Platform, type Stage } from "./platform.ts";

const ROUNDS = 5;
const TARGET = "raced";

/** Two executions that are created at once for one target, with two controllers that both want to serve them. */
export function raceSuite(stage: Stage): void {
  describe("two executions that race for one target, under two active controllers", () => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      it(`one runs, the other is skipped and says why: round ${String(round)} of ${String(ROUNDS)}`, async () => {
        await race(stage(), round);
      });
    }

    it("never had runs or pods of two at once on the target in any round", () => {
      const changes = stage().witness.changes();
      const raced = changes.filter(({ object }) => object.metadata.name.startsWith("race-"));
      assert.ok(raced.some(({ kind }) => kind === "pod"));
      // Whatever the product takes their targets for: they are one.
      assert.deepEqual(
        overlaps(raced, () => TARGET),
        [],
      );
    });
  });
}

async function race(platform: Platform, round: number): Promise<void> {
  // Workflows that are new to the target, so that no cooldown decides; one target, written in two ways.
  const names = [`race-${String(round)}-a`, `race-${String(round)}-b`] as const;
  const kinds = ["Deployment", "deployments.apps"];
  const created = names.map((name, index) => execute(platform, racer(platform, name, kinds[index] ?? "")));
  await Promise.all(created);
  const racers = await Promise.all(names.map((name) => finish(platform, name)));
  const winner = racers.find(({ status }) => status.phase === "Completed");
  const loser = racers.find(({ status }) => status.phase === "Skipped");
  assert.ok(winner && loser, racers.map(({ status }) => status.phase).join(", "));
  await assertWon(platform, winner);
  await assertLost(platform, loser, winner);
}

interface Racer {
  readonly name: string;
  readonly uid: string;
  readonly status: WorkflowExecutionStatus;
}

function racer({ bundles }: Platform, name: string, kind: string): Wanted {
  return { name, workflowId: name, bundle: bundles.pause, target: `${kind}/${TARGET}` };
}

async function finish(platform: Platform, name: string): Promise<Racer> {
  const status = await settled(platform, name);
  return { name, uid: platform.witness.get("execution", name)?.metadata.uid ?? "", status };
}

async function assertWon({ witness, databaseUrl }: Platform, { uid, status }: Racer): Promise<void> {
  const run = [status.executionRef?.uid];
  assert.deepEqual([...startedRuns(witness.changes(), uid)], run);
  assert.deepEqual([...everSeen("run", witness.changes(), uid)], run);
  await assertTrail(databaseUrl, uid, ["requested", "starting", "started", "completed"]);
}

async function assertLost({ witness, databaseUrl }: Platform, loser: Racer, winner: Racer): Promise<void> {
  const { reason, conflictingWorkflow } = loser.status.skipDetails ?? {};
  assert.deepEqual([reason, conflictingWorkflow?.uid], ["ResourceBusy", winner.uid]);
  assert.equal(everSeen("run", witness.changes(), loser.uid).size, 0);
  const row = await assertTrail(databaseUrl, loser.uid, ["requested", "skipped"]);
  assert.equal(row.conflicting_wfe, `${NAMESPACE}/${winner.name}`);
}
