/** Evidence about runs with something odd in it, for the tests that nothing in a status can stop or mislead us. */
import fc from "fast-check";
import type { RunEvidence } from "../../pkg/tekton/run-evidence.ts";
import { isRecordedRunGone, recordedNames, recordedRun } from "./recorded-run.ts";
import { liveRun, liveRunNames } from "./recorded-live-run.ts";

/** Everything that was recorded on real Tekton. */
export const recordedEvidence: readonly RunEvidence[] = [
  ...recordedNames()
    .filter((name) => !isRecordedRunGone(name))
    .map(recordedRun),
  ...liveRunNames().map(liveRun),
];

/** What no status should hold. */
export const oddValue = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, undefined, "", 0, -1, true, [], {}, [null], [[]], ["x"], { conditions: {} }, "x".repeat(9000)],
  ),
  fc.anything({ maxDepth: 2, maxKeys: 3 }),
);

/** Where to put something: a random walk into a status, each number chooses a key. */
export const somewhere = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 8 });

/**
 * The same evidence with something else at one place, or with nothing there. Statuses and a TaskRun's spec
 * may hold anything; names, uids and labels are the API server's own, events and logs are projected by us.
 */
export function spoil(evidence: RunEvidence, path: readonly number[], thing: unknown): RunEvidence {
  const { run, taskRuns, pods, live } = evidence;
  const parts = {
    run: run.status,
    taskRuns: taskRuns.map(({ spec, status }) => ({ spec, status })),
    pods: pods.map((pod) => pod.status),
    lostPods: live?.lostPods.map((pod) => pod.status) ?? [],
  };
  const spoiled = withThing(parts, path, thing) as Partial<typeof parts>;
  return {
    run: { ...run, status: spoiled.run } as RunEvidence["run"],
    taskRuns: taskRuns.map((one, index) => ({ ...one, ...at(spoiled.taskRuns, index) })),
    pods: pods.map((one, index) => ({ ...one, status: at(spoiled.pods, index) }) as typeof one),
    live: {
      lostPods: (live?.lostPods ?? []).map(
        (one, index) => ({ ...one, status: at(spoiled.lostPods, index) }) as typeof one,
      ),
      events: live?.events ?? [],
      logs: live?.logs ?? [],
    },
  };
}

/** The same value with something else at one place. */
function withThing(value: unknown, path: readonly number[], thing: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== "object" || value === null) return thing;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return thing;
  const child = withThing((value as Readonly<Record<string, unknown>>)[key], rest, thing);
  return Array.isArray(value)
    ? value.map((item: unknown, index) => (String(index) === key ? child : item))
    : { ...value, [key]: child };
}

function at(list: unknown, index: number): object | undefined {
  return Array.isArray(list) ? (list as readonly (object | undefined)[])[index] : undefined;
}
