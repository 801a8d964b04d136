import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PipelineRun } from "../api/tekton.ts";
import { classifyRun } from "./classify-run.ts";

function endedRun(reason: string, message: string): PipelineRun {
  return {
    metadata: { name: "run" },
    spec: {},
    status: { conditions: [{ type: "Succeeded", status: "False", reason, message }] },
  };
}

const cases: readonly (readonly [sentence: string, reason: string, message: string, is: string])[] = [
  ["a run that was cancelled", "Cancelled", "", "Cancelled certain"],
  ["a run that was out of time", "PipelineRunTimeout", "", "DeadlineExceeded certain"],
  ["a pipeline that isn't signed as it must be", "ResourceVerificationFailed", "", "Forbidden certain"],
  ["a bundle that the registry refuses", "CouldntGetPipeline", "DENIED: no access", "Forbidden likely"],
  [
    "a registry that wants credentials",
    "CouldntGetPipeline",
    "unexpected status code 401 Unauthorized",
    "Forbidden likely",
  ],
  ["a registry with too much to do", "CouldntGetPipeline", "TOOMANYREQUESTS: slow down", "ImagePullBackOff likely"],
  [
    "a registry that is broken",
    "CouldntGetPipeline",
    "unexpected status code 502 Bad Gateway",
    "ImagePullBackOff likely",
  ],
  ["a request that got no answer", "CouldntGetTask", "request timed out", "ImagePullBackOff likely"],
  [
    "a resolver that took too long",
    "CouldntGetTask",
    "resolution took longer than global timeout",
    "ImagePullBackOff likely",
  ],
  [
    "an image that is no bundle",
    "CouldntGetPipeline",
    "layer 0 does not contain a dev.tekton annotation",
    "ConfigurationError likely",
  ],
  ["a result that is missing after all tasks ran", "CouldntGetPipelineResult", "", "ConfigurationError certain"],
  ["a pipeline with a cycle", "PipelineInvalidGraph", "", "ConfigurationError certain"],
  ["no room for a volume claim", "CouldntCreateWorkspacePVC", "exceeded quota: q", "ResourceExhausted likely"],
  [
    "a TaskRun that Tekton may not create",
    "CreateRunFailed",
    'taskruns is forbidden: User "tekton" cannot create resource "taskruns"',
    "Forbidden likely",
  ],
  ["a TaskRun that could not be created otherwise", "CreateRunFailed", "invalid", "ConfigurationError certain"],
  ["a reason of a later Tekton for a mistake of the user", "New", "[User error] wrong", "ConfigurationError likely"],
  ["failed tasks that nobody can see any more", "Failed", "Tasks Completed: 1 (Failed: 1", "Unknown unknown"],
];

describe("classifyRun", () => {
  for (const [sentence, reason, message, is] of cases) {
    it(`${sentence} is ${is}`, () => {
      const verdict = classifyRun(endedRun(reason, message));
      assert.equal(`${verdict.reason} ${verdict.confidence}`, is);
      assert.equal(verdict.message, message);
    });
  }
});
