import type { FailureDetails } from "../api/workflow-execution.ts";

/** The categories of failures.md section 2: `failureDetails.reason`. */
export type FailureReason =
  | "Cancelled"
  | "OOMKilled"
  | "DeadlineExceeded"
  | "ImagePullBackOff"
  | "ResourceExhausted"
  | "Forbidden"
  | "ConfigurationError"
  | "UnsupportedEngine"
  | "UnsupportedFeature"
  | "UnsupportedCluster"
  | "Interrupted"
  | "ExternallyDeleted"
  | "TaskFailed"
  | "Unknown";

/** `certain` rests on fields of objects, `likely` on the text of a message, `unknown` on neither. */
export type Confidence = FailureDetails["confidence"];

/** Why something failed, in its own words (not yet cleaned of secrets). */
export interface Verdict {
  readonly reason: FailureReason;
  readonly confidence: Confidence;
  readonly message: string;
}
