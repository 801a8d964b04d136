import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { independentCases } from "./all-cases.ts";
import { assertEnded } from "./assert-explained.ts";
import type { FaultCase, Scene } from "./fault-case.ts";
import { stepRuns, taskBegins } from "./follow.ts";
import { lastingDetails } from "./lasting-details.ts";
import { SETTINGS, type Matrix } from "./matrix-suite.ts";
import { runCase, type Outcome } from "./run-case.ts";
import { toldByTekton } from "./told-by-tekton.ts";
import { useVictim, type Victim } from "./victim.ts";

/** Cases that last long enough to have a middle, of as many kinds as there are. */
const KILLED_IN = [
  "exit-42",
  "oom-killed",
  "rbac-denied",
  "image-missing",
  "unschedulable",
  "task-timeout",
  "pipeline-timeout",
  "retry-fails",
  "finally-fails",
  "cancelled-finally",
];
/** What tells a deleted pod from a step that failed can only be seen live, so no other case's kill may come after it. */
const KILLED_ALONE = ["pod-deleted", "pod-deleted-by-force"];
/** Longer than a controller needs to die and be replaced, even where it has to wait for its turn. */
const PAUSE_SECONDS = 15;
/** So few that nobody has to wait long for a death of its own. */
const SIDE_BY_SIDE = 4;

/** The same cases once more, with a controller that is killed in the middle of each. */
export function killSuite(matrix: Matrix): void {
  describe("the same is said when the controller is killed in mid-run", () => {
    const victim = useVictim(matrix.stage, SETTINGS);
    describe("with other cases beside it", { concurrency: SIDE_BY_SIDE }, () => {
      for (const fault of casesOf(KILLED_IN)) it(`and ${fault.when}`, () => assertUnmoved(matrix, fault, victim));
    });
    describe("with nothing beside it", () => {
      for (const fault of casesOf(KILLED_ALONE)) it(`and ${fault.when}`, () => assertUnmoved(matrix, fault, victim));
    });
  });
}

function casesOf(names: readonly string[]): readonly FaultCase[] {
  const found = independentCases.filter(({ name }) => names.includes(name));
  assert.equal(found.length, names.length);
  return found;
}

async function assertUnmoved(matrix: Matrix, fault: FaultCase, victim: Victim): Promise<void> {
  const undisturbed = matrix.outcomes.find((outcome) => outcome.fault === fault);
  assert.ok(undisturbed, "the case was not seen without a kill");
  const killed = await killIn(matrix, fault, victim);
  assertEnded(killed);
  const [before, after] = [toldByTekton(undisturbed), toldByTekton(killed)];
  if (isDeepStrictEqual(before, after)) assert.deepEqual(lastingDetails(killed), lastingDetails(undisturbed));
  else console.log(`${fault.name}: not compared, for Tekton ended it as ${after.join(", ")}, not ${before.join(", ")}`);
}

async function killIn({ stage, world }: Matrix, fault: FaultCase, victim: Victim): Promise<Outcome> {
  let killedAt: Date | undefined;
  async function midRun(scene: Scene): Promise<void> {
    const { task = "change", executed } = fault.expected;
    await (executed === true ? stepRuns(scene, task) : taskBegins(scene, task));
    killedAt = await victim.kill();
  }
  const outcome = await runCase(stage(), world(), fault, { round: "killed", pauseSeconds: PAUSE_SECONDS, midRun });
  // Tekton's times have no fractions.
  const ended = Date.parse(outcome.status?.completionTime ?? "") + 1000;
  assert.ok(
    outcome.error !== undefined || ended > (killedAt?.getTime() ?? Infinity),
    "the run had ended before the kill",
  );
  return outcome;
}
