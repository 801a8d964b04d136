import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { timeAfter } from "../../../test/support/builders/moments.ts";
import type { ContainerStatus, Pod } from "../../api/core.ts";
import type { WorkflowExecution } from "../../api/workflow-execution.ts";
import { aPodOf, aWarning, numbers, Watched } from "./watched-evidence.ts";

/** What is remembered of many executions, each of whose runs has lost three pods. */
export interface ManyRuns {
  readonly seen: Watched;
  /** All of them end. */
  end(): void;
}

const PODS = 3;
const WARNINGS = 10;
const LOGS = 5;

/** As much evidence for each of so many live executions as there can be: long messages, and logs that fill their limit. */
export function manyRuns(count: number): ManyRuns {
  const seen = new Watched();
  for (const n of numbers(count)) seen.execution(anExecution(n, "Running"));
  for (const n of numbers(count)) losePods(seen, uidOf(n));
  return {
    seen,
    end() {
      for (const n of numbers(count)) seen.execution(anExecution(n, "Failed"));
    },
  };
}

function losePods(seen: Watched, uid: string): void {
  for (const p of numbers(PODS)) {
    const pod = aStuckPod(uid, `${uid}-pod-${String(p)}`);
    const { name } = pod.metadata;
    seen.pod(pod);
    for (const n of numbers(WARNINGS)) {
      seen.warning({
        ...aWarning(`${name}.${String(n)}`, name, n),
        message: words(`warning ${String(n)} about ${name} `, 1024),
      });
    }
    seen.podGone(pod);
  }
  seen.memory.noteLogs(
    uid,
    numbers(LOGS).map((n) => {
      const container = `step-${String(n)}`;
      return { podUid: uid, podName: uid, container, text: words(`line of ${container} of ${uid}\n`, 8 * 1024) };
    }),
  );
}

/** With Tekton's init containers and two steps that wait for their image. */
function aStuckPod(uid: string, name: string): Pod {
  const message = `Back-off pulling image "registry.example.com/${name}:1": ErrImagePull: not found`;
  const waiting: ContainerStatus["state"] = { waiting: { reason: "ImagePullBackOff", message } };
  const terminated = { exitCode: 0, reason: "Completed", startedAt: timeAfter(1), finishedAt: timeAfter(2) };
  const status = {
    phase: "Pending",
    conditions: ["Ready", "PodScheduled", "ContainersReady"].map((type) => ({ type, status: "False", message })),
    initContainerStatuses: ["prepare", "place-scripts"].map((one) => ({ name: one, state: { terminated } })),
    containerStatuses: ["step-read", "step-change"].map((one) => ({ name: one, state: waiting })),
  };
  return { ...aPodOf(uid, name), status };
}

function anExecution(n: number, phase: "Running" | "Failed"): WorkflowExecution {
  return aWorkflowExecution({ metadata: { name: uidOf(n), uid: uidOf(n) }, status: { phase } });
}

function uidOf(n: number): string {
  return `execution-${String(n)}`;
}

/** So long a text; each is one of its own, as what comes over the wire is. */
function words(begin: string, length: number): string {
  return Buffer.from(begin.repeat(Math.ceil(length / begin.length)).slice(0, length)).toString();
}
