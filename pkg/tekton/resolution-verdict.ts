import type { Verdict } from "./failure-reason.ts";
import { registryProblem } from "./registry-problem.ts";
import { likely } from "./verdicts.ts";

/** Tekton's words for a ResolutionRequest that failed (tektoncd pkg/resolution/common/errors.go, GetResourceError). */
const REQUEST_FAILED = /error getting "[^"]+" "(?:[^"/]+\/)?([^"]+)": ([\s\S]*)$/;

/** The ResolutionRequest by which Tekton asked for a pipeline or task, and why it failed. */
export interface ResolutionFailure {
  readonly name: string;
  readonly message: string;
}

/**
 * Why a pipeline or task could not be fetched. Tekton gives up at once and says so only in words (tekton.md section 2,
 * failures.md section 2): a registry that can't be reached may be there again later, one that refuses us or doesn't
 * have what was asked will go on doing so.
 */
export function resolutionVerdict(message: string): Verdict {
  switch (registryProblem(message)) {
    case "unreachable":
      return likely("ImagePullBackOff", message);
    case "denied":
      return likely("Forbidden", message);
    case "missing":
    case undefined:
      return likely("ConfigurationError", message);
  }
}

/** What the message of a run or TaskRun says about its ResolutionRequest; undefined where it is about something else. */
export function resolutionFailure(message: string): ResolutionFailure | undefined {
  const [, name, words] = REQUEST_FAILED.exec(message) ?? [];
  return name === undefined || words === undefined ? undefined : { name, message: words };
}
