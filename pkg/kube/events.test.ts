import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { connectScripted } from "./testing/scripted-connection.ts";
import { ApiError } from "../runtime/api-error.ts";
import { type EventRecord, recordEvent } from "./events.ts";

const event: EventRecord = {
  regarding: {
    apiVersion: "kubernaut.ai/v1alpha1",
    kind: "WorkflowExecution",
    namespace: "ns",
    name: "wfe-1",
    uid: "u",
  },
  type: "Normal",
  reason: "ExecutionStarted",
  note: "PipelineRun x runs",
  eventId: "0f8fad5b-d9cb-469f-a165-70867728950e",
  at: Date.UTC(2030, 0, 2, 3, 4, 5, 67),
  action: "Start",
  reportingInstance: "controller-0",
};

void describe("an event", () => {
  it("is created under its id, with microseconds, about one uid", async (t) => {
    const { server, connection } = await connectScripted(t, () => ({ code: 201 }));
    await recordEvent(connection, event);
    assert.equal(server.calls[0]?.path, "/apis/events.k8s.io/v1/namespaces/ns/events");
    assert.deepEqual(server.calls[0].body, {
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: { namespace: "ns", name: event.eventId },
      eventTime: "2030-01-02T03:04:05.067000Z",
      type: "Normal",
      reason: "ExecutionStarted",
      action: "Start",
      note: event.note,
      regarding: event.regarding,
      reportingController: "kubernaut.ai/workflow-execution-controller",
      reportingInstance: "controller-0",
    });
  });

  it("about a cluster-scoped object goes to namespace default", async (t) => {
    const { server, connection } = await connectScripted(t, () => ({ code: 201 }));
    const { namespace: _, ...regarding } = event.regarding;
    await recordEvent(connection, { ...event, regarding });
    assert.equal(server.calls[0]?.path, "/apis/events.k8s.io/v1/namespaces/default/events");
  });

  const notes = {
    "one of the allowed length stays": ["a".repeat(1024), "a".repeat(1024)],
    "a longer one is cut": ["a".repeat(1025), "a".repeat(1024)],
    "bytes count, and no character is cut in two": [`${"a".repeat(1023)}é`, "a".repeat(1023)],
    "a character of four bytes goes as a whole": [`${"a".repeat(1021)}😀`, "a".repeat(1021)],
  } as const;
  for (const [sentence, [note, expected]] of Object.entries(notes)) {
    it(`has a note the server takes: ${sentence}`, async (t) => {
      const { server, connection } = await connectScripted(t, () => ({ code: 201 }));
      await recordEvent(connection, { ...event, note });
      assert.equal((server.calls[0]?.body as { note: string }).note, expected);
    });
  }

  it("that is there already is fine", async (t) => {
    const { connection } = await connectScripted(t, () => ({
      code: 409,
      json: { kind: "Status", reason: "AlreadyExists" },
    }));
    await recordEvent(connection, event);
  });

  it("that isn't accepted fails", async (t) => {
    const { connection } = await connectScripted(t, () => ({ code: 503 }));
    await assert.rejects(recordEvent(connection, event), ApiError);
  });
});
