import type { PipelineRun } from "../api/tekton.ts";
import { isUserError } from "./classify-task.ts";
import type { Verdict } from "./failure-reason.ts";
import { isDenied } from "./denial.ts";
import { resolutionVerdict } from "./resolution-verdict.ts";
import { runState, type RunState } from "./run-state.ts";
import { CONFIGURATION_REASONS, RESOLUTION_REASONS } from "./tekton-reasons.ts";

/** Why a run failed by what the run itself says. For a task that failed it only counts tasks: ask the TaskRun first. */
export function classifyRun(run: PipelineRun): Verdict {
  const state = runState(run);
  const { reason, message } = state;
  if (state.phase === "cancelled") return { reason: "Cancelled", confidence: "certain", message };
  if (reason === "PipelineRunTimeout") return { reason: "DeadlineExceeded", confidence: "certain", message };
  if (reason === "ResourceVerificationFailed") return { reason: "Forbidden", confidence: "certain", message };
  if (RESOLUTION_REASONS.has(reason)) return resolutionVerdict(message);
  return createFailure(state) ?? misconfigured(state) ?? { reason: "Unknown", confidence: "unknown", message };
}

/** Tekton could not create a TaskRun or an object for it; only the API server's words say why. */
function createFailure({ reason, message }: RunState): Verdict | undefined {
  if (reason !== "CreateRunFailed" && !reason.includes("CouldntCreate")) return undefined;
  if (message.includes("exceeded quota: ")) return { reason: "ResourceExhausted", confidence: "likely", message };
  return isDenied(message) ? { reason: "Forbidden", confidence: "likely", message } : undefined;
}

function misconfigured({ reason, message }: RunState): Verdict | undefined {
  if (CONFIGURATION_REASONS.has(reason)) return { reason: "ConfigurationError", confidence: "certain", message };
  return isUserError(message) ? { reason: "ConfigurationError", confidence: "likely", message } : undefined;
}
