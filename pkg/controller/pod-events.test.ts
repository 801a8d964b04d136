import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { timeAfter } from "../../test/support/builders/moments.ts";
import type { CoreEvent } from "../api/core.ts";
import { createPodEvents, type PodEvents } from "./pod-events.ts";

function aWarning(name: string, resourceVersion: string, seconds = 0): CoreEvent {
  return {
    metadata: { name, namespace: "runs", resourceVersion },
    involvedObject: { kind: "Pod", name: "a", uid: "u" },
    lastTimestamp: timeAfter(seconds),
  };
}

function listening(): { readonly feed: PodEvents; readonly told: readonly string[] } {
  const feed = createPodEvents();
  const told: string[] = [];
  feed.subscribe(({ name }) => told.push(name));
  return { feed, told };
}

describe("the feed of warnings about pods", () => {
  it("tells what a list has, in the order of time", () => {
    const { feed, told } = listening();
    feed.replaceAll(
      [aWarning("late", "7", 9), aWarning("early", "8", 1), aWarning("too", "9", 9)].map(feed.project),
      "9",
    );
    assert.deepEqual([told, feed.lastSeen()], [["early", "late", "too"], "9"]);
  });
  it("tells of what is new or changed, not of what the API server has forgotten", () => {
    const { feed, told } = listening();
    feed.apply({ type: "ADDED", object: aWarning("a", "1") });
    feed.apply({ type: "MODIFIED", object: aWarning("b", "2") });
    feed.apply({ type: "DELETED", object: aWarning("c", "3") });
    feed.apply({ type: "BOOKMARK", object: { metadata: { resourceVersion: "4" } } });
    assert.deepEqual(told, ["a", "b"]);
  });
  it("knows how far the watch has come, and never goes back", () => {
    const { feed } = listening();
    assert.equal(feed.lastSeen(), undefined);
    feed.apply({ type: "BOOKMARK", object: { metadata: { resourceVersion: "10" } } });
    feed.apply({ type: "DELETED", object: aWarning("a", "9") });
    assert.equal(feed.lastSeen(), "10");
  });
  it("begins where a list says, also after the versions have gone back (etcd was restored)", () => {
    const { feed } = listening();
    feed.replaceAll([], "100");
    feed.replaceAll([], "50");
    assert.equal(feed.lastSeen(), "50");
  });
  it("tells nothing more to whoever has stopped listening", () => {
    const feed = createPodEvents();
    const told: string[] = [];
    feed.subscribe(({ name }) => told.push(name))();
    feed.apply({ type: "ADDED", object: aWarning("a", "1") });
    assert.deepEqual(told, []);
  });
});
