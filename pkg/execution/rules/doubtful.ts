import type { Policy } from "../policy.ts";
import type { Snapshot } from "../snapshot.ts";
import { look } from "../look.ts";
import type { LookObject, Step } from "../step.ts";

const ALL: readonly LookObject[] = ["execution", "kinds", "lock", "runs", "taskRuns", "customRuns", "pods"];
const MOST_SURPRISES = 4;

/** Looks at what moved under our feet before deciding anything; gives up for a while where it keeps moving. */
export function lookAtDoubtful(s: Snapshot, policy: Policy): Step | undefined {
  const object = ALL.find((name) => s[name].freshness === "doubtful");
  if (object === undefined) return undefined;
  if (s.surprises > MOST_SURPRISES) return { type: "Backoff", message: `the ${object} of this key keeps changing` };
  return look(s, object, policy.executionNamespace);
}
