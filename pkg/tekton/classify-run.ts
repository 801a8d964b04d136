import type { PipelineRun } from "../api/tekton.ts";
import { isUserError } from "./classify-task.ts";
import type { Verdict } from "./failure-reason.ts";
import { isAdmissionRefusal, isDenied } from "./denial.ts";
import { resolutionVerdict } from "./resolution-verdict.ts";
import { runState, type RunState } from "./run-state.ts";
import { isOutOfTime } from "./run-stop.ts";
import { CONFIGURATION_REASONS, RESOLUTION_REASONS } from "./tekton-reasons.ts";
import { certain, likely } from "./verdicts.ts";

/** Why a run failed by what the run itself says. For a task that failed it only counts tasks: ask the TaskRun first. */
export function classifyRun(run: PipelineRun): Verdict {
  const state = runState(run);
  const { reason, message } = state;
  if (isOutOfTime(run)) return certain("DeadlineExceeded", outOfTimeWords(state));
  if (state.phase === "cancelled") return certain("Cancelled", message);
  if (reason === "ResourceVerificationFailed") return certain("Forbidden", message);
  if (RESOLUTION_REASONS.has(reason)) return resolutionVerdict(message);
  return createFailure(state) ?? misconfigured(state) ?? { reason: "Unknown", confidence: "unknown", message };
}

/** A run that this controller stopped when its time was up only says that it was cancelled. */
function outOfTimeWords({ phase, message }: RunState): string {
  return phase === "cancelled" ? `${message}, because its time was up` : message;
}

/** Tekton could not create a TaskRun or an object for it; only the API server's words say why. */
function createFailure({ reason, message }: RunState): Verdict | undefined {
  if (reason !== "CreateRunFailed" && !reason.includes("CouldntCreate")) return undefined;
  if (message.includes("exceeded quota: ")) return likely("ResourceExhausted", message);
  return isDenied(message) || isAdmissionRefusal(message) ? likely("Forbidden", message) : undefined;
}

function misconfigured({ reason, message }: RunState): Verdict | undefined {
  if (CONFIGURATION_REASONS.has(reason)) return certain("ConfigurationError", message);
  return isUserError(message) ? likely("ConfigurationError", message) : undefined;
}
