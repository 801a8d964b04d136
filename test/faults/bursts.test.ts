/**
 * Bursts of executions on few targets, several controllers at work of which some are paused, killed and started again,
 * people who delete executions and runs and clear blocks: on a real API server and a real PostgreSQL, with a played
 * Tekton. Afterwards everything that ever happened is read from etcd and judged. FAULT_SEED=N repeats the plan and the
 * choices of one campaign.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { projectPath } from "../support/platform/manifests.ts";
import { BURST_ACTS } from "./burst-acts.ts";
import { planBursts, type BurstPlan } from "./burst-plan.ts";
import { COOLDOWN_MS, runCampaign, type Campaign } from "./campaign.ts";
import { renderCampaign } from "./campaign-report.ts";
import { checkHistory } from "./check-history.ts";
import { withOverlap } from "./edit-history.ts";
import { keepHistory } from "./history-file.ts";
import { missingChecks, renderViolation, type Counts, type HistoryReport, type Invariant } from "./ledger.ts";

const wish = process.env["FAULT_SEED"];
const SEEDS = wish === undefined ? [1, 2, 3] : [Number(wish)];
const SIZE = { executions: 200, targets: 10 };
const SMALL = { executions: 16, targets: 4 };

/** Below that a campaign has not been what it is meant to be. One that is deleted early enough has no outcome. */
const LEAST: Counts = {
  ...{ executions: SIZE.executions, endings: SIZE.executions, outcomes: SIZE.executions - 20 },
  ...{ starts: 40, successions: 30, bindings: 40, takes: 40, releases: 40, actors: 120 },
  ...{ cooldowns: 10, "remembered successes": 30, "remembered failures": 3 },
};

describe("bursts under faults", () => {
  for (const seed of SEEDS) {
    it(`break no promise of the target lock, seed ${String(seed)}`, async () => {
      const campaign = await runCampaign({ plan: planBursts(seed, SIZE), acts: BURST_ACTS });
      const report = judge(campaign);
      console.log(`\n${renderCampaign(campaign, report.counts)}\n`);
      assert.deepEqual(report.violations.map(renderViolation), [], await keep(campaign, report));
      assert.deepEqual(missingChecks(report.counts, LEAST), []);
      assert.ok(campaign.killed > 0 && campaign.paused > 0 && campaign.resumed > 0, "there were no faults");
      assert.deepEqual(new Set(campaign.exitCodes), new Set([0]));
      assert.ok(invariantsOf(checkHistory(withOverlap(campaign.history), { cooldownMs: COOLDOWN_MS })).has("I1"));
    });
  }
});

describe("a controller that leaves out", () => {
  const ingredients: Readonly<Record<string, Broken>> = {
    "the wait for the end before it gives a target back": { without: "wait", breaks: ["I1", "I3"] },
    "the binding of a run before its start": { without: "binding", breaks: ["I2"] },
  };
  for (const [what, { without, breaks }] of Object.entries(ingredients)) {
    it(`${what} is found out`, async () => {
      const entry = { file: projectPath("test/faults/broken-controller.ts"), args: ["--without", without] };
      const campaign = await runCampaign({ plan: slow(planBursts(7, SMALL)), entry });
      const found = invariantsOf(judge(campaign));
      assert.deepEqual(
        breaks.filter((invariant) => !found.has(invariant)),
        [],
      );
    });
  }
});

interface Broken {
  readonly without: string;
  /** What is certain to be broken; more may be. */
  readonly breaks: readonly Invariant[];
}

/** Runs that take so long that others have the time to come in between. */
function slow(plan: BurstPlan): BurstPlan {
  const bursts = plan.bursts.map((burst) =>
    burst.map((parts) => ({ ...parts, parameters: { ...parts.parameters, PLAY_STEP_MS: "5000" } })),
  );
  return { ...plan, bursts };
}

function judge({ history }: Campaign): HistoryReport {
  return checkHistory(history, { cooldownMs: COOLDOWN_MS });
}

function invariantsOf({ violations }: HistoryReport): ReadonlySet<Invariant> {
  return new Set(violations.map(({ invariant }) => invariant));
}

/** Keeps the history of a violation. Says how to look at it again. */
async function keep({ history }: Campaign, { violations }: HistoryReport): Promise<string> {
  if (violations.length === 0) return "";
  const again = `node test/faults/check-history.ts ${await keepHistory(history)} --cooldown ${String(COOLDOWN_MS)}ms`;
  return [...violations.map(renderViolation), again].join("\n");
}
