import { describe, it } from "node:test";
import { startWitness } from "../../support/witness/witness.ts";
import { useControllers } from "../controller.ts";
import { EXECUTION_NAMESPACE, type Platform, type Stage } from "../platform.ts";
import { independentCases } from "./all-cases.ts";
import { assertExplained, assertSaid } from "./assert-explained.ts";
import type { World } from "./bundles.ts";
import { apiServerCase, outageCases } from "./cases/outage-cases.ts";
import type { FaultCase } from "./fault-case.ts";
import { runCase, type Outcome } from "./run-case.ts";

/** What a machine with two cores runs side by side without the cases missing their own timeouts. */
const SIDE_BY_SIDE = 8;
/** `stuckAfter` is how long Tekton is down where it is. */
export const SETTINGS = { stuckAfter: "1m" };

/** Where the cases run, and where what becomes of them is kept. */
export interface Matrix {
  readonly stage: Stage;
  readonly world: () => World;
  readonly outcomes: Outcome[];
}

/** Every way in which a run can end, each with what has to be said about it. */
export function matrixSuite(matrix: Matrix): void {
  const { stage } = matrix;
  describe("every ending is explained", () => {
    useControllers(stage, 1, SETTINGS);
    describe("with other cases beside it", { concurrency: SIDE_BY_SIDE }, () => {
      for (const fault of independentCases)
        it(`when ${fault.when}`, async () => {
          assertExplained(await seen(matrix, fault, stage()));
        });
    });
    describe("with a part of the cluster down", () => {
      for (const fault of outageCases)
        it(`when ${fault.when}`, async () => {
          assertExplained(await seen(matrix, fault, stage()));
        });
    });
  });
}

/** The API server's restart may cost any watch some changes, the witness's own too: so after it only what is said is judged. */
export function apiServerSuite(matrix: Matrix): void {
  const { stage } = matrix;
  describe("an ending is explained", () => {
    useControllers(stage, 1, SETTINGS);
    it(`when ${apiServerCase.when}`, async (t) => {
      const { kubeconfig } = stage().cluster;
      await stage().witness.stop();
      const witness = await startWitness({ kubeconfig, executionNamespace: EXECUTION_NAMESPACE });
      t.after(() => witness.stop().catch(() => undefined));
      assertSaid(await seen(matrix, apiServerCase, { ...stage(), witness }));
    });
  });
}

async function seen({ world, outcomes }: Matrix, fault: FaultCase, platform: Platform): Promise<Outcome> {
  const outcome = await runCase(platform, world(), fault, { round: "fault" });
  outcomes.push(outcome);
  return outcome;
}
