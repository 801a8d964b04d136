import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isRecordedRunGone, recordedNames, recordedRun } from "../../test/support/recorded-run.ts";
import { aliveChildren, strandedPods } from "./alive.ts";
import { diagnose } from "./diagnose.ts";
import type { FailureRequest } from "./failure-request.ts";
import { progressOf } from "./progress.ts";
import type { RunEvidence } from "./run-evidence.ts";
import { stuck } from "./stuck.ts";

const request: FailureRequest = {
  workflowId: "w",
  version: "1",
  targetResource: "ns/Deployment/x",
  decidedAt: "2026-11-21T13:00:00Z",
};

const recorded = recordedNames()
  .filter((name) => !isRecordedRunGone(name))
  .map(recordedRun);

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    "",
    0,
    -1,
    true,
    [],
    {},
    [null],
    [[]],
    ["x"],
    { conditions: {} },
    "x".repeat(9000),
  ),
  fc.anything({ maxDepth: 2, maxKeys: 3 }),
);

/** Where to put something odd: a random walk into a status, each number chooses a key. */
const walk = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 7 });

/** The same value with something odd at one place. */
function withOdd(value: unknown, path: readonly number[], thing: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== "object" || value === null) return thing;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return thing;
  const child = withOdd((value as Readonly<Record<string, unknown>>)[key], rest, thing);
  return Array.isArray(value)
    ? value.map((item: unknown, index) => (String(index) === key ? child : item))
    : { ...value, [key]: child };
}

function at(list: unknown, index: number): object | undefined {
  return Array.isArray(list) ? (list as readonly (object | undefined)[])[index] : undefined;
}

/** Statuses, and a TaskRun's spec and labels, may hold anything; names and uids are the API server's own. */
function spoil(evidence: RunEvidence, path: readonly number[], thing: unknown): RunEvidence {
  const { run, taskRuns, pods } = evidence;
  const parts = {
    run: run.status,
    taskRuns: taskRuns.map(({ spec, status }) => ({ spec, status })),
    pods: pods.map((p) => p.status),
  };
  const spoiled = withOdd(parts, path, thing) as Partial<typeof parts>;
  return {
    run: { ...run, status: spoiled.run } as RunEvidence["run"],
    taskRuns: taskRuns.map((one, index) => ({ ...one, ...at(spoiled.taskRuns, index) })),
    pods: pods.map((one, index) => ({ ...one, status: at(spoiled.pods, index) }) as typeof one),
  };
}

function assertUsable(evidence: RunEvidence): void {
  const details = diagnose(evidence, request);
  assert.match(details.failedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.ok(details.exitCode === undefined || Number.isInteger(details.exitCode));
  assert.ok(Buffer.byteLength(details.message) <= 4096);
  assert.ok(Buffer.byteLength(details.naturalLanguageSummary) <= 4096);
  assert.ok((details.evidence?.length ?? 0) <= 10);
  assert.ok(Buffer.byteLength(JSON.stringify(details)) <= 64 * 1024);
  for (const fact of details.evidence ?? []) assert.equal(typeof fact.fact, "string");
  assert.ok(Number.isInteger(progressOf(evidence).progressPercent));
}

describe("odd statuses", () => {
  it("never stop us", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...recorded),
        fc.array(fc.tuple(walk, odd), { minLength: 1, maxLength: 4 }),
        (evidence, spots) => {
          const spoiled = spots.reduce((rest, [path, thing]) => spoil(rest, path, thing), evidence);
          assertUsable(spoiled);
          stuck(spoiled);
          strandedPods(spoiled.run, spoiled.pods);
          aliveChildren({ runs: [spoiled.run], taskRuns: spoiled.taskRuns, customRuns: [], pods: spoiled.pods });
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("never stop us where there is hardly anything", () => {
    const { run } = recordedRun("exit-one");
    assertUsable({
      run: { metadata: run.metadata, spec: {} },
      taskRuns: [{ metadata: { name: "t" } }],
      pods: [{ metadata: { name: "p" } }],
    });
  });

  it("are bounded: a thousand failed tasks with long words", () => {
    const { run, taskRuns, pods } = recordedRun("exit-three-retried");
    const long = "x".repeat(100_000);
    const conditions = [{ type: "Succeeded", status: "False", reason: "StepFailed", message: long }] as const;
    const many = Array.from({ length: 1000 }, () =>
      taskRuns.map((one) => ({ ...one, status: { ...one.status, conditions } })),
    ).flat();
    assertUsable({ run, taskRuns: many, pods, logTail: long });
  });
});
