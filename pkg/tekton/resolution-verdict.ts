import type { Verdict } from "./failure-reason.ts";
import { registryProblem } from "./registry-problem.ts";

/**
 * Why a pipeline or task could not be fetched. Tekton gives up at once and says so only in words (tekton.md section 2,
 * failures.md section 2): a registry that can't be reached may be there again later, one that refuses us or doesn't
 * have what was asked will go on doing so.
 */
export function resolutionVerdict(message: string): Verdict {
  switch (registryProblem(message)) {
    case "unreachable":
      return { reason: "ImagePullBackOff", confidence: "likely", message };
    case "denied":
      return { reason: "Forbidden", confidence: "likely", message };
    case "missing":
    case undefined:
      return { reason: "ConfigurationError", confidence: "likely", message };
  }
}
