import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anApiError } from "../../test/support/fake-api/fake-server.ts";
import { World } from "../../test/support/fake-api/world.ts";
import { timeAfter } from "../../test/support/builders/moments.ts";
import type { ApiErrorKind } from "../runtime/api-error.ts";
import { ApiError } from "../runtime/api-error.ts";

/** The value of a parameter that isn't shown, and a word beside it wherever it is said: the text itself has to arrive. */
const SECRET = "s3cret-of-nobody";
const SAID = `marker ${SECRET}`;
const spec = { parameters: { API_TOKEN: SECRET, TARGET_RESOURCE_NAME: "checkout" } };

function aWorld(): World {
  const world = new World();
  world.startController();
  return world;
}

/** All that the controllers have written into statuses and locks, and all that they would log. */
function writtenBy(world: World): string {
  const written = world.controllers
    .flatMap(({ steps }) => steps)
    .map(({ step }) => {
      if (step.type === "WriteStatus") return step.execution.status;
      return step.type === "UpdateLock" ? step.lock : undefined;
    });
  return JSON.stringify([written, errorsOf(world)]);
}

function errorsOf(world: World): readonly string[] {
  return world.controllers.flatMap(({ errors }) => errors).map((error) => (error as Error).message);
}

function assertHidden(world: World): void {
  const text = writtenBy(world);
  assert.match(text, /marker \[redacted\]/);
  assert.doesNotMatch(text, new RegExp(SECRET));
}

function refuseRuns(world: World, kind: ApiErrorKind): void {
  world.cluster.server.refuse = ({ verb, resource }) =>
    verb === "create" && resource === "pipelineruns" ? anApiError(kind, SAID) : undefined;
}

/** A run whose step says it: to its log, as its last words, and in what Tekton makes of it. */
async function failLoudly(world: World): Promise<void> {
  const { cluster } = world;
  world.tekton.script = "hang";
  await world.run(() => world.execution("first").status?.phase === "Running");
  const times = { startedAt: timeAfter(3), finishedAt: timeAfter(4) };
  const terminated = { exitCode: 1, reason: "Error", message: SAID, ...times };
  for (const pod of cluster.pods.all()) {
    cluster.logs.set(`${pod.metadata.name}/step-restart`, `${SAID}\nfailed`);
    const containerStatuses = [{ name: "step-restart", state: { terminated } }];
    cluster.pods.edit(pod.metadata, (one) => ({
      ...one,
      status: { phase: "Failed", message: SAID, containerStatuses },
    }));
  }
  const condition = { type: "Succeeded", status: "False", reason: "Failed", message: SAID } as const;
  const steps = [{ name: "restart", container: "step-restart", terminated }];
  for (const { metadata } of cluster.taskRuns.all()) {
    cluster.taskRuns.edit(metadata, (one) => ({ ...one, status: { ...one.status, conditions: [condition], steps } }));
  }
  const completionTime = timeAfter(5);
  for (const { metadata } of world.runs()) {
    cluster.runs.edit(metadata, (run) => ({
      ...run,
      status: { ...run.status, completionTime, conditions: [condition] },
    }));
  }
  await world.run();
}

describe("the value of a parameter that isn't shown appears in no status, lock, event or error", () => {
  it("when a step prints it and fails; the run itself gets it", async () => {
    const world = aWorld();
    world.request("first", { spec });
    await failLoudly(world);
    const { failureDetails } = world.execution("first").status ?? {};
    assert.match(failureDetails?.logTail ?? "", /^marker \[redacted\]\nfailed$/);
    assert.match(JSON.stringify(failureDetails?.evidence), /marker \[redacted\]/);
    assert.deepEqual(world.runs()[0]?.spec.params?.[0], { name: "API_TOKEN", value: SECRET });
    assertHidden(world);
  });

  const refusals: Readonly<Record<string, ApiErrorKind>> = {
    "refuses its run for good": "rejected",
    "forbids its run": "forbidden",
    "has no room for its run": "quota",
    "has no answer for its run": "unknown",
  };
  for (const [sentence, kind] of Object.entries(refusals)) {
    it(`when the API server ${sentence} and repeats it`, async () => {
      const world = aWorld();
      refuseRuns(world, kind);
      world.request("first", { spec });
      await world.run(() => (world.execution("first").status?.message ?? "") !== "");
      assertHidden(world);
    });
  }

  it("when the API server repeats it in an answer that is only logged", async () => {
    const world = aWorld();
    const answer = new ApiError(SAID, { kind: "unknown", code: 503, retryAfterMs: 1 });
    let refused = 0;
    world.cluster.server.refuse = ({ resource }) =>
      resource === "workflowexecutions" && (refused += 1) === 1 ? answer : undefined;
    world.request("first", { spec });
    await world.run();
    assert.deepEqual(errorsOf(world), ["marker [redacted]"]);
  });

  for (const [sentence, phase] of Object.entries({ "before it runs": "Pending", "while it runs": "Running" })) {
    it(`when it is the reason why it is cancelled ${sentence}`, async () => {
      const world = aWorld();
      world.tekton.script = "hang";
      world.request("first", { spec });
      if (phase === "Pending") refuseRuns(world, "quota");
      await world.run(() => world.execution("first").status?.phase === phase);
      const { metadata } = world.execution("first");
      const cancel = { mode: "Cancel", reason: SAID } as const;
      world.cluster.executions.edit(metadata, (w) => ({ ...w, spec: { ...w.spec, cancel } }));
      await world.run();
      assert.match(world.execution("first").status?.message ?? "", /marker \[redacted\]/);
      assertHidden(world);
    });
  }

  it("when it is the reason why its block is cleared", async () => {
    const world = aWorld();
    world.tekton.script = "fail";
    world.request("first", { spec });
    await world.run();
    const annotations = { "kubernaut.ai/clear-execution-block": SAID, "kubernaut.ai/cleared-by": "ann" };
    const { metadata } = world.execution("first");
    world.cluster.executions.edit(metadata, (w) => ({ ...w, metadata: { ...w.metadata, annotations } }));
    await world.run();
    assert.equal(world.execution("first").status?.blockClearance?.clearReason, "marker [redacted]");
    assertHidden(world);
  });

  it("when it should name the target and names another one", async () => {
    const world = new World({ shownParameters: [] });
    world.startController();
    world.request("first", { spec: { parameters: { TARGET_RESOURCE_NAME: SECRET } } });
    await world.run();
    assert.match(writtenBy(world), /TARGET_RESOURCE_NAME: \\"\[redacted\]\\" is not the locked target/);
    assert.doesNotMatch(writtenBy(world), new RegExp(SECRET));
  });
});

describe("the value of a parameter that is shown", () => {
  it("stays in what a step has printed", async () => {
    const world = new World({ shownParameters: ["API_TOKEN"] });
    world.startController();
    world.request("first", { spec });
    await failLoudly(world);
    assert.match(world.execution("first").status?.failureDetails?.logTail ?? "", new RegExp(SAID));
  });
});
