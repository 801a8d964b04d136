import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CoreEvent } from "../api/core.ts";
import { keepPodEvent } from "./named-pod-event.ts";

const event: CoreEvent = {
  metadata: { name: "w1", namespace: "runs", creationTimestamp: "2026-11-21T12:00:00Z" },
  involvedObject: { kind: "Pod", name: "a-pod", uid: "u" },
  type: "Warning",
  reason: "FailedMount",
  message: 'configmap "settings" not found',
};

describe("what is kept of a warning about a pod", () => {
  const { metadata: eventMeta } = event;
  const first = "2026-11-21T12:00:01Z";
  const micro = "2026-11-21T12:00:02.123456Z";
  const last = "2026-11-21T12:00:09.999999Z";
  const times: Readonly<Record<string, readonly [Partial<CoreEvent>, at: string]>> = {
    "the kubelet's last time": [{ lastTimestamp: first, eventTime: null }, first],
    "the scheduler's time, in whole seconds": [{ lastTimestamp: null, eventTime: micro }, "2026-11-21T12:00:02Z"],
    "the last one of a series": [{ eventTime: micro, series: { lastObservedTime: last } }, "2026-11-21T12:00:09Z"],
    "its creation where nothing else is said": [{ lastTimestamp: null, series: null }, "2026-11-21T12:00:00Z"],
    "the beginning of time where nothing at all is said": [{ metadata: { name: "w1" } }, "1970-01-01T00:00:00Z"],
  };
  for (const [sentence, [more, at]] of Object.entries(times)) {
    it(`is as its time ${sentence}`, () => {
      assert.equal(keepPodEvent({ ...event, ...more }).at, at);
    });
  }
  it("is which pod and what, and nothing else", () => {
    const whole = {
      ...event,
      count: 7,
      source: { component: "kubelet" },
      metadata: { ...eventMeta, managedFields: [] },
    };
    assert.deepEqual(keepPodEvent(whole), {
      ...{ namespace: "runs", name: "w1", podName: "a-pod", podUid: "u", reason: "FailedMount" },
      message: 'configmap "settings" not found',
      at: "2026-11-21T12:00:00Z",
    });
  });
  it("is bounded", () => {
    const { reason, message } = keepPodEvent({ ...event, reason: "r".repeat(5_000), message: "ü".repeat(5_000) });
    assert.ok(Buffer.byteLength(reason) <= 128 && Buffer.byteLength(message) <= 1_024);
  });
  it("is something also where it says nothing", () => {
    const { message, podName } = keepPodEvent({ metadata: { name: "w1" }, involvedObject: {} });
    assert.deepEqual([message, podName], ["", ""]);
  });
});
