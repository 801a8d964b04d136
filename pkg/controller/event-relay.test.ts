import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../test/support/builders/moments.ts";
import type { AuditEntry, WorkflowExecution } from "../api/workflow-execution.ts";
import { eventType, type EventName } from "../execution/outbox.ts";
import type { StoreListener } from "../runtime/store.ts";
import { relayEvents, type EventToRecord } from "./event-relay.ts";

type Listener = StoreListener<WorkflowExecution>;

interface Relay {
  readonly recorded: EventToRecord[];
  readonly errors: unknown[];
  readonly listen: Listener;
  readonly stop: () => Promise<void>;
}

async function recordNothing(): Promise<void> {
  // The API server takes it.
}

function startRelay(record: (event: EventToRecord) => Promise<void> = recordNothing): Relay {
  const recorded: EventToRecord[] = [];
  const errors: unknown[] = [];
  const listeners = new Set<Listener>();
  const stop = relayEvents({
    executions: {
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    clock: { now: () => after(60) },
    eventId: (uid, ordinal, type) => `${uid}:${String(ordinal)}:${type}`,
    record: (event) => {
      recorded.push(event);
      return record(event);
    },
    onError: (error) => errors.push(error),
  });
  return {
    recorded,
    errors,
    stop,
    listen: (change) => {
      for (const listener of listeners) listener(change);
    },
  };
}

function entry(ordinal: number, name: EventName): AuditEntry {
  return { ordinal, type: eventType(name), at: timeAfter(ordinal), outcome: "success", facts: {} };
}

function seen(...pending: readonly AuditEntry[]): { readonly key: string; readonly after: WorkflowExecution } {
  return { key: "remediation/restart-checkout", after: aWorkflowExecution({ status: { audit: { pending } } }) };
}

/** Lets promises go on that wait for nothing but each other. */
async function microtasks(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await Promise.resolve();
}

describe("the relay of events", () => {
  it("records an event for an entry of the outbox, named after it", async () => {
    const relay = startRelay();
    relay.listen(seen(entry(1, "requested"), entry(3, "started")));
    await relay.stop();
    assert.equal(relay.recorded.length, 1);
    const [event] = relay.recorded;
    assert.equal(event?.reason, "ExecutionStarted");
    assert.equal(event.eventId, "uid-of-restart-checkout:3:workflowexecution.workflow.started");
    assert.equal(event.at, after(3));
    assert.deepEqual(event.regarding, {
      apiVersion: "kubernaut.ai/v1alpha1",
      kind: "WorkflowExecution",
      namespace: "remediation",
      name: "restart-checkout",
      uid: "uid-of-restart-checkout",
    });
  });
  it("records each once, however often the execution changes", async () => {
    const relay = startRelay();
    relay.listen(seen(entry(1, "started")));
    relay.listen(seen(entry(1, "started")));
    relay.listen(seen(entry(1, "started"), entry(2, "completed")));
    await microtasks(10);
    relay.listen(seen(entry(2, "completed")));
    await microtasks(10);
    assert.deepEqual(
      relay.recorded.map(({ reason }) => reason),
      ["ExecutionStarted", "ExecutionCompleted"],
    );
  });
  it("tells, once, that an execution is held back by the audit trail", async () => {
    const held = aWorkflowExecution({ status: { reason: "AuditBacklog", message: "position 1: PostgreSQL" } });
    const relay = startRelay();
    relay.listen({ key: "k", before: aWorkflowExecution(), after: held });
    relay.listen({ key: "k", before: held, after: held });
    await microtasks(10);
    assert.equal(relay.recorded.length, 1);
    const [event] = relay.recorded;
    assert.deepEqual([event?.type, event?.reason, event?.at], ["Warning", "AuditBacklog", after(60)]);
    assert.match(event?.note ?? "", /held back .*position 1: PostgreSQL/);
    assert.equal(event?.eventId, "uid-of-restart-checkout:0:AuditBacklog", "the same after a crash");
  });
  it("goes on after an event that wasn't recorded", async () => {
    const failure = new Error("no");
    const relay = startRelay(() => Promise.reject(failure));
    relay.listen(seen(entry(1, "started"), entry(2, "completed")));
    await microtasks(20);
    assert.equal(relay.recorded.length, 2);
    assert.deepEqual(relay.errors, [failure, failure]);
  });
  it("records an event whenever it comes, even in the moment in which the one before was recorded", async () => {
    for (let gap = 0; gap < 12; gap += 1) {
      const relay = startRelay();
      relay.listen(seen(entry(1, "started")));
      await microtasks(gap);
      relay.listen(seen(entry(2, "completed")));
      await microtasks(20);
      assert.equal(relay.recorded.length, 2, `after ${String(gap)} turns`);
    }
  });
  it("sends one after another", async () => {
    const first = Promise.withResolvers<undefined>();
    const relay = startRelay(() => first.promise.then());
    relay.listen(seen(entry(1, "started"), entry(2, "completed")));
    await microtasks(20);
    assert.equal(relay.recorded.length, 1);
    first.resolve(undefined);
    await microtasks(20);
    assert.equal(relay.recorded.length, 2);
  });
  it("gives up the oldest where too many wait, and says how many once the others are sent", async () => {
    const first = Promise.withResolvers<undefined>();
    const relay = startRelay(() => first.promise.then());
    relay.listen(seen(entry(1, "started")));
    for (let n = 2; n <= 1500; n += 1) relay.listen(seen(entry(n, "started")));
    first.resolve(undefined);
    await microtasks(20_000);
    assert.equal(relay.recorded.length, 1001);
    assert.equal(relay.recorded[1]?.at, after(501));
    assert.match(relay.errors.join(), /^Error: 499 events were given up/);
  });
  it("forgets an execution that is gone: one of its name begins anew", async () => {
    const relay = startRelay();
    relay.listen(seen(entry(4, "started")));
    relay.listen({ key: "k", before: aWorkflowExecution() });
    relay.listen(seen(entry(1, "started")));
    await microtasks(10);
    assert.equal(relay.recorded.length, 2);
  });
  it("ends when the event under way was sent, and sends no other", async () => {
    const first = Promise.withResolvers<undefined>();
    const relay = startRelay(() => first.promise.then());
    relay.listen(seen(entry(1, "started"), entry(2, "completed")));
    let isOver = false;
    const stopped = relay.stop().then(() => (isOver = true));
    await microtasks(20);
    assert.equal(isOver, false);
    first.resolve(undefined);
    await stopped;
    relay.listen(seen(entry(3, "failed")));
    await microtasks(20);
    assert.equal(relay.recorded.length, 1);
  });
});
