import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Request } from "../../pkg/controller/perform.ts";
import { isTerminal } from "../../pkg/execution/conditions.ts";
import { aHeldLock, aTargetLock } from "../../test/support/builders/a-target-lock.ts";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import type { ExecutionMetrics } from "../../pkg/telemetry/execution-metrics.ts";
import { anApiError } from "../../test/support/fake-api/fake-server.ts";
import { World } from "../../test/support/fake-api/world.ts";
import { countStep, LOCK_CHECKS, type LockCheck } from "./step-metrics.ts";

/** What the metrics were told. */
interface Told {
  readonly lockChecks: number[];
  readonly skips: string[];
  readonly outcomes: string[];
  readonly creations: number[];
}

function tellingMetrics(): { readonly told: Told; readonly metrics: ExecutionMetrics } {
  const told: Told = { lockChecks: [], skips: [], outcomes: [], creations: [] };
  const metrics: ExecutionMetrics = {
    finished: (outcome) => told.outcomes.push(outcome),
    skipped: (reason) => told.skips.push(reason),
    pipelineRunCreated: (seconds) => told.creations.push(seconds),
    statusSynced: () => undefined,
    lockChecked: (seconds) => told.lockChecks.push(seconds),
  };
  return { told, metrics };
}

/** How long every request takes in these tests. */
const REQUEST_MS = 10;

type Rival = (step: Request, world: World) => void;

/** A controller whose requests take their time, before each of which a rival may act; and what its steps so far tell. */
function aWorld(rival: Rival = () => undefined): { readonly world: World; readonly count: () => Told } {
  const world = new World();
  const controller = world.startController((perform) => (step) => {
    rival(step, world);
    world.clock.reach(world.clock.now() + REQUEST_MS);
    return perform(step);
  });
  const { told, metrics } = tellingMetrics();
  function count(): Told {
    for (const taken of controller.steps.splice(0)) countStep(taken, metrics);
    return told;
  }
  return { world, count };
}

/** Takes the target away from whoever is about to take it. */
function takesFirst(step: Request, { cluster }: World): void {
  if (step.type === "CreateLock") cluster.locks.add(aHeldLock(aWorkflowExecution()));
}

/** Was faster, and has given the target back already. */
function takesAndGivesBack(step: Request, { cluster }: World): void {
  if (step.type === "CreateLock") cluster.locks.add(aTargetLock());
}

async function untilEnded(world: World, name: string): Promise<void> {
  await world.run(() => isTerminal(world.execution(name).status?.phase));
}

describe("the lock check", () => {
  it("of a free target is one for a whole life, and ends when the lock is taken", async () => {
    const { world, count } = aWorld();
    world.request("first");
    await world.run();
    assert.deepEqual(count().lockChecks, [0.01]);
  });

  it("of a held target ends with the fresh look at its lock", async () => {
    const { world, count } = aWorld();
    world.request("first");
    await world.run(() => world.tekton.begun.length === 1);
    world.request("second");
    await untilEnded(world, "second");
    assert.deepEqual(count().lockChecks, [0.01, 0.01]);
    assert.deepEqual(count().skips, ["ResourceBusy"]);
  });

  it("goes on when somebody else was faster, until that is known", async () => {
    const { world, count } = aWorld(takesFirst);
    world.request("late");
    await untilEnded(world, "late");
    assert.deepEqual(count().lockChecks, [0.02]);
  });

  it("goes on to the next attempt when the faster one has given the target back, its rereading included", async () => {
    const { world, count } = aWorld(takesAndGivesBack);
    world.request("late");
    await world.run();
    assert.deepEqual(count().lockChecks, [0.04]);
  });

  it("is not what is read because the execution itself has changed", async () => {
    const { world, count } = aWorld();
    world.request("first");
    let refused = false;
    world.cluster.server.refuse = ({ verb, resource }) => {
      if (refused || verb !== "patch" || resource !== "workflowexecutions") return undefined;
      refused = true;
      return anApiError("conflict");
    };
    await world.run();
    assert.ok(refused);
    assert.deepEqual(count().lockChecks, [0.01]);
  });

  it("that got no answer isn't counted, nor added to the next one", async () => {
    const { world, count } = aWorld();
    world.request("first");
    world.cluster.server.refuse = ({ verb, resource }) =>
      verb === "create" && resource === "targetlocks" ? anApiError("unknown", "connection reset") : undefined;
    await world.controllers[0]?.settle();
    assert.deepEqual(count().lockChecks, []);
    world.cluster.server.refuse = () => undefined;
    await world.run();
    assert.deepEqual(count().lockChecks, [0.02]);
  });

  it("asks nothing, and is none, for an execution that waits behind a known holder", async () => {
    const { world, count } = aWorld();
    world.request("first");
    await world.run(() => world.tekton.begun.length === 1);
    world.request("patient", { spec: { onBusy: "Wait" } });
    await world.run(() => world.execution("patient").status?.reason === "WaitingForTarget");
    assert.deepEqual(count().lockChecks, [0.01]);
  });

  it("is told one by one, with the name of its execution", async () => {
    const heard: unknown[] = [];
    const { world, count } = aWorld();
    world.request("first");
    await world.run();
    subscribe(LOCK_CHECKS, hear);
    count();
    unsubscribe(LOCK_CHECKS, hear);
    assert.deepEqual(heard, [{ execution: "first", seconds: 0.01 } satisfies LockCheck]);

    function hear(check: unknown): void {
      heard.push(check);
    }
  });
});

describe("the steps of an execution", () => {
  it("show its run's creation and its outcome once each", async () => {
    const { world, count } = aWorld();
    world.request("plain");
    await world.run();
    const { outcomes, skips, creations } = count();
    assert.deepEqual({ outcomes, skips }, { outcomes: ["Success"], skips: [] });
    assert.equal(creations.length, 1);
  });

  it("count a skipped one by its reason, and no outcome", async () => {
    const { world, count } = aWorld();
    world.request("first");
    await world.run();
    world.request("again");
    await world.run();
    const { outcomes, skips } = count();
    assert.deepEqual({ outcomes, skips }, { outcomes: ["Success"], skips: ["RecentlyRemediated"] });
  });
});
