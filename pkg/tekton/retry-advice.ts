import type { RetryAdvice } from "../api/workflow-execution.ts";
import type { FailureReason } from "./failure-reason.ts";
import { registryProblem } from "./registry-problem.ts";

const SOON = "1m0s";

const advices: Readonly<Record<FailureReason, RetryAdvice>> = {
  Cancelled: { retryable: true, condition: "whoever cancelled it agrees" },
  OOMKilled: { retryable: false, condition: "the memory limit is raised or less memory is used" },
  DeadlineExceeded: { retryable: true, condition: "what made it slow is gone, or the timeout is raised" },
  ImagePullBackOff: { retryable: false, condition: "the image reference or the pull credentials are corrected" },
  ResourceExhausted: { retryable: true, after: SOON, condition: "there is room in the quota and on the nodes" },
  Forbidden: { retryable: false, condition: "the service account or the credentials get the missing rights" },
  ConfigurationError: { retryable: false, condition: "the request, the workflow or the configuration is corrected" },
  UnsupportedEngine: { retryable: false, condition: "the workflow runs on Tekton" },
  UnsupportedFeature: { retryable: false, condition: "a controller that has the feature is installed" },
  UnsupportedCluster: { retryable: false, condition: "the request is sent to the cluster that it names" },
  Interrupted: { retryable: true, condition: "the target's state was checked, because the step may have acted" },
  ExternallyDeleted: { retryable: true, condition: "it is known who deleted the run, and why" },
  TaskFailed: { retryable: false, condition: "the failed step's log was read and its cause removed" },
  Unknown: { retryable: false, condition: "a person has looked at the run" },
};

/** An own limit that was exceeded (ephemeral storage, emptyDir): a new attempt ends alike. Words of the kubelet's eviction manager. */
const OWN_LIMIT = /\bexceeds the (?:total )?limit\b/;

/** Whether another attempt can help, by the category and, where they tell more, by the words of the failure. */
export function retryAdvice(reason: FailureReason, message: string): RetryAdvice {
  if (reason === "ImagePullBackOff" && registryProblem(message) === "unreachable") {
    return { retryable: true, after: SOON, condition: "the registry can be reached" };
  }
  if (reason === "ResourceExhausted" && OWN_LIMIT.test(message)) {
    return { retryable: false, condition: "the limit that was exceeded is raised" };
  }
  return advices[reason];
}
