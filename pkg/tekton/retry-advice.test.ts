import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { FailureReason } from "./failure-reason.ts";
import { retryAdvice } from "./retry-advice.ts";

const cases: readonly (readonly [
  sentence: string,
  FailureReason,
  message: string,
  retryable: boolean,
  when: RegExp,
])[] = [
  [
    "an image whose registry can't be reached",
    "ImagePullBackOff",
    "dial tcp: i/o timeout",
    true,
    /^registry.*after 1m0s/,
  ],
  ["an image that the registry refuses", "ImagePullBackOff", "401 Unauthorized", false, /^the pull credentials are/],
  ["an image that isn't there", "ImagePullBackOff", "x: not found", false, /^the image reference is corrected/],
  [
    "an image of which a registry doesn't say whether it is there",
    "ImagePullBackOff",
    "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope",
    false,
    /^the image reference or the pull credentials/,
  ],
  ["an image, for no known reason", "ImagePullBackOff", "Back-off", false, /^the image reference or the pull/],
  ["quota", "ResourceExhausted", "exceeded quota: q", true, /^there is room.*after 1m0s/],
  [
    "an own limit",
    "ResourceExhausted",
    'Usage of EmptyDir volume "v" exceeds the limit "1Mi".',
    false,
    /limit that was/,
  ],
  ["nodes that are full", "ResourceExhausted", "1 Insufficient cpu, 1 node(s) had untolerated taint", true, /room/],
  [
    "nodes that don't take it",
    "ResourceExhausted",
    "1 node(s) had untolerated taint(s)",
    true,
    /^a node takes the pod/,
  ],
  ["pod security", "Forbidden", 'is forbidden: violates PodSecurity "restricted"', false, /fewer privileges/],
  ["a denied request", "Forbidden", "", false, /^the service account or the credentials/],
  ["one that was too old to be started", "DeadlineExceeded", "a diagnosis that old is not acted on", true, /renewed/],
  ["one that was too slow", "DeadlineExceeded", "", true, /^what made it slow is gone/],
  ["an init container", "TaskFailed", 'init container failed, "prepare" exited', false, /init container is removed/],
  ["an evicted or deleted pod", "Interrupted", "", true, /target's state was checked/],
];

describe("retryAdvice", () => {
  for (const [sentence, reason, message, retryable, when] of cases) {
    it(`${sentence}: ${retryable ? "retryable" : "not retryable"}`, () => {
      const advice = retryAdvice(reason, message);
      assert.equal(advice.retryable, retryable);
      const after = advice.after === undefined ? "" : `after ${advice.after}`;
      assert.match(`${(advice.condition ?? "").replace(/^the (registry)/, "$1")} ${after}`, when);
    });
  }
});
