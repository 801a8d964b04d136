/**
 * How fast the controller is, what it asks of the API server and how much memory it takes, on a real API server, a real
 * PostgreSQL and a played Tekton. It prints and judges nothing: the figures depend on the machine.
 *
 *   node test/bench/main.ts [--out FILE]     FILE gets the figures as JSON
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { LABEL_EXECUTION_UID } from "../../pkg/api/labels.ts";
import { startControllerUnderTest, type ControllerUnderTest } from "../support/controller-under-test.ts";
import { startWorld, type World } from "../support/controller-world.ts";
import { loadFigures, readSample, requestFigures, requestSums, type LoadFigures, type Sample } from "./figures.ts";
import { observe, runLoad, type LoadOptions, type Observer } from "./load.ts";
import { renderReport, type BenchReport } from "./report.ts";

const STEP_MS = 500;
/** The first load is for the caches of both servers; its figures aren't shown. */
const WARM_UP: LoadOptions = { rate: 5, count: 20, prefix: "warm-up", stepMs: STEP_MS };
const LOADS: readonly LoadOptions[] = [
  { rate: 1, count: 30, prefix: "slow", stepMs: STEP_MS },
  { rate: 10, count: 300, prefix: "fast", stepMs: STEP_MS },
];
/** Makes the finished executions 1000. */
const FILL: LoadOptions = { rate: 15, count: 650, prefix: "fill", stepMs: 0 };

const { values } = parseArgs({ options: { out: { type: "string" } } });
const report = await bench();
console.log(renderReport(report));
if (values.out !== undefined) await writeFile(values.out, `${JSON.stringify(report, undefined, 2)}\n`);

async function bench(): Promise<BenchReport> {
  let observer: Observer | undefined;
  const world = await startWorld({
    onMove: (move) => {
      if (move.type === "EndRun") observer?.runEnded(move.run.metadata.labels?.[LABEL_EXECUTION_UID] ?? "");
    },
  });
  try {
    const { controllerKubeconfig: kubeconfig, postgres } = world;
    const controller = await startControllerUnderTest({ kubeconfig, databaseUrl: postgres.url });
    observer = observe(world);
    return await measure(world, controller, observer).finally(() => controller.stop());
  } finally {
    await world.stop();
  }
}

async function measure(world: World, controller: ControllerUnderTest, observer: Observer): Promise<BenchReport> {
  const idle = await sample(controller);
  await load(world, observer, WARM_UP);
  const before = await sample(controller);
  const loads: LoadFigures[] = [];
  for (const options of LOADS) loads.push(await load(world, observer, options));
  const after = await sample(controller);
  await load(world, observer, FILL);
  const full = await sample(controller);
  const executions = loads.reduce((total, figures) => total + figures.executions, 0);
  const requests = requestFigures(before, after, executions);
  return {
    loads,
    requests,
    sums: requestSums(requests),
    memory: [
      { finished: 0, residentBytes: idle.residentBytes, heapBytes: idle.heapBytes },
      { finished: observer.lives.size, residentBytes: full.residentBytes, heapBytes: full.heapBytes },
    ],
  };
}

async function load(world: World, observer: Observer, options: LoadOptions): Promise<LoadFigures> {
  const began = performance.now();
  const figures = loadFigures(options.rate, await runLoad(world, observer, options));
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(
    `${options.prefix}: ${String(options.count)} executions at ${String(options.rate)} a second took ${seconds} s`,
  );
  return figures;
}

async function sample(controller: ControllerUnderTest): Promise<Sample> {
  return readSample(await controller.metrics());
}
