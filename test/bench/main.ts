/**
 * How fast the controller is, what it asks of the API server and how much memory it takes, on a real API server, a real
 * PostgreSQL and a played Tekton. It prints and judges nothing: the figures depend on the machine.
 *
 *   node test/bench/main.ts [--out FILE] [--share NUMBER]
 *
 *   --out FILE       gets the figures as JSON
 *   --share NUMBER   of the executions, from 0 to 1: 0.1 is enough to see that it works
 */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { LABEL_EXECUTION_UID } from "../../pkg/api/labels.ts";
import { startControllerUnderTest, type ControllerUnderTest } from "../support/controller-under-test.ts";
import { startWorld, type World } from "../support/controller-world.ts";
import { measureEvidence } from "./evidence-memory.ts";
import { measureOutage } from "./outage.ts";
import { runLoad, type Load, type LoadRun } from "./load.ts";
import { COOLERS, HOLDERS, lockFigures, MIXED, SKIPPED, WAITERS } from "./lock-load.ts";
import { observe, type Observer } from "./observe.ts";
import { renderReport, type BenchReport, type Memory } from "./report.ts";
import { costOf, type Cost } from "./requests.ts";
import { quietSample } from "./sample.ts";
import { successFigures, SUCCESSES, WARM_UP } from "./success-load.ts";

const { values } = parseArgs({ options: { out: { type: "string" }, share: { type: "string" } } });
const SHARE = Number(values.share ?? 1);

/** A running bench. */
interface Bench {
  readonly world: World;
  readonly controller: ControllerUnderTest;
  readonly observer: Observer;
}

const report = await bench();
console.log(renderReport(report));
if (values.out !== undefined) await writeFile(values.out, `${JSON.stringify(report, undefined, 2)}\n`);

async function bench(): Promise<BenchReport> {
  const evidence = measureEvidence();
  let observer: Observer | undefined;
  const world = await startWorld({
    onMove: (move) => {
      if (move.type === "EndRun") observer?.runEnded(move.run.metadata.labels?.[LABEL_EXECUTION_UID] ?? "");
    },
  });
  try {
    const { controllerKubeconfig: kubeconfig, postgres } = world;
    const entry = { file: fileURLToPath(new URL("measured-controller.ts", import.meta.url)), args: [] };
    // Its limit of requests is that of the product.
    const settings = { kubeApi: {} };
    const controller = await startControllerUnderTest({ kubeconfig, databaseUrl: postgres.url, settings, entry });
    observer = observe(world);
    const figures = await measure({ world, controller, observer }).finally(() => controller.stop());
    return { ...figures, evidence };
  } finally {
    await world.stop();
  }
}

async function measure(b: Bench): Promise<Omit<BenchReport, "evidence">> {
  const idle = await measureMemory(b);
  await load(b, WARM_UP);
  const success = await measureCost(b, "success", SUCCESSES.map(shared));
  const afterSuccesses = await measureMemory(b);
  await load(b, HOLDERS);
  await load(b, COOLERS);
  const skipped = await measureCost(b, "skipped", [SKIPPED]);
  const mixed = await load(b, shared(MIXED));
  const afterAll = await measureMemory(b);
  const waiting = await measureCost(b, "waiting, until it waits", [WAITERS]);
  const outage = await measureOutage(b.world, (one) => load(b, shared(one)));
  return {
    loads: success.runs.map(({ load, run }) => successFigures(load, run)),
    lock: lockFigures(mixed, await b.controller.log()),
    costs: [success.cost, skipped.cost, waiting.cost],
    memory: [idle, afterSuccesses, afterAll],
    outage,
  };
}

async function measureMemory({ controller, observer }: Bench): Promise<Memory> {
  const { residentBytes, heapBytes } = await quietSample(controller);
  const finished = [...observer.lives.values()].filter((life) => life.finished !== undefined);
  const skipped = finished.filter((life) => life.skipped !== undefined);
  return { finished: finished.length, skipped: skipped.length, residentBytes, heapBytes };
}

function shared(load: Load): Load {
  return { ...load, count: Math.ceil(load.count * SHARE) };
}

interface MeasuredLoads {
  readonly runs: readonly { readonly load: Load; readonly run: LoadRun }[];
  readonly cost: Cost;
}

/** Runs loads of executions of one kind, and finds out what one of these asks of the API server. */
async function measureCost(b: Bench, kind: string, loads: readonly Load[]): Promise<MeasuredLoads> {
  const runs: { readonly load: Load; readonly run: LoadRun }[] = [];
  const before = await quietSample(b.controller);
  for (const one of loads) runs.push({ load: one, run: await load(b, one) });
  const after = await quietSample(b.controller);
  const executions = runs.reduce((total, { run }) => total + run.lives.length, 0);
  return { runs, cost: costOf(kind, { before, after }, executions) };
}

async function load({ world, observer }: Bench, options: Load): Promise<LoadRun> {
  const began = performance.now();
  const run = await runLoad(world, observer, options);
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  const { prefix, count, rate } = options;
  console.log(`${prefix}: ${String(count)} executions at ${String(rate)} a second took ${seconds} s`);
  return run;
}
