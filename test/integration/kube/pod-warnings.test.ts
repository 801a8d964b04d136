import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CoreEvent } from "../../../pkg/api/core.ts";
import { recordEvent } from "../../../pkg/kube/events.ts";
import { podWarnings } from "../../../pkg/kube/pod-warnings.ts";
import type { ListWatch } from "../../../pkg/runtime/list-watch.ts";
import type { NamedPodEvent } from "../../../pkg/controller/named-pod-event.ts";
import { createPodEvents } from "../../../pkg/controller/pod-events.ts";
import { createReflector } from "../../../pkg/runtime/reflector.ts";
import { realTimers } from "../../../pkg/runtime/timers.ts";
import { waitFor } from "../../cluster/wait.ts";
import { NAMESPACE, useCluster } from "./cluster-context.ts";

const DEADLINE_MS = 30_000;

const context = useCluster();

interface EventParts {
  readonly name: string;
  readonly kind?: string;
  readonly type?: string;
  readonly namespace?: string;
}

/** An event as the kubelet writes it. */
async function tell({ name, kind = "Pod", type = "Warning", namespace = NAMESPACE }: EventParts): Promise<void> {
  const at = "2026-11-21T12:00:00Z";
  const event = {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name, namespace },
    involvedObject: { apiVersion: "v1", kind, namespace, name: `${name}-object`, uid: `uid-of-${name}` },
    ...{ type, reason: "Failed", message: `said by ${name}`, count: 1, firstTimestamp: at, lastTimestamp: at },
    source: { component: "kubelet", host: "node-1" },
  };
  await context.kubectl(["create", "-f", "-"], JSON.stringify(event));
}

/** An event as the scheduler writes it: of events.k8s.io, with a time in microseconds and no lastTimestamp. */
async function tellAsScheduler(eventId: string): Promise<void> {
  const regarding = { apiVersion: "v1", kind: "Pod", namespace: NAMESPACE, name: "new-pod", uid: "uid-of-new-pod" };
  await recordEvent(context.connection(), {
    ...{ regarding, type: "Warning", reason: "FailedScheduling", note: "0/1 nodes are available", eventId },
    ...{ at: Date.parse("2026-11-21T12:00:07.5Z"), action: "Scheduling", reportingInstance: "scheduler" },
  });
}

async function listed(source: ListWatch<CoreEvent>): Promise<readonly string[]> {
  const { items } = await source.listPage({ limit: 500, signal: AbortSignal.timeout(DEADLINE_MS) });
  return items.map(({ metadata }) => metadata.name);
}

void describe("warnings about pods", () => {
  it("are all that arrives: nothing normal, of no other kind, of no other namespace, listed or watched", async () => {
    const told: NamedPodEvent[] = [];
    const feed = createPodEvents();
    feed.subscribe((event) => told.push(event));
    await tell({ name: "listed" });
    await tell({ name: "listed-normal", type: "Normal" });
    const source = podWarnings(context.connection(), NAMESPACE);
    assert.deepEqual(await listed(source), ["listed"]);
    const stopping = new AbortController();
    const reflector = createReflector({ source, store: feed, timers: realTimers, random: Math.random });
    const running = reflector.run(stopping.signal);
    assert.ok(await reflector.synced);
    await tell({ name: "normal", type: "Normal" });
    await tell({ name: "of-a-taskrun", kind: "TaskRun" });
    await tell({ name: "elsewhere", namespace: "default" });
    await tell({ name: "watched" });
    await tellAsScheduler("5f2cbb4e-7d0a-4f4b-9a6e-3d3c0a4b1f10");
    await waitFor("the last warning", DEADLINE_MS, () => told.length >= 3);
    stopping.abort();
    await running;
    assert.deepEqual(
      told.map(({ podUid, reason, message, at }) => [podUid, reason, message, at]),
      [
        ["uid-of-listed", "Failed", "said by listed", "2026-11-21T12:00:00Z"],
        ["uid-of-watched", "Failed", "said by watched", "2026-11-21T12:00:00Z"],
        ["uid-of-new-pod", "FailedScheduling", "0/1 nodes are available", "2026-11-21T12:00:07Z"],
      ],
    );
  });
});
