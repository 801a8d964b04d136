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

/** Where the words of a failure tell more than its category. */
interface Refinement {
  readonly reason: FailureReason;
  readonly isMeant: (message: string) => boolean;
  readonly advice: RetryAdvice;
}

/** An own limit that was exceeded (ephemeral storage, emptyDir): words of the kubelet's eviction manager. */
const OWN_LIMIT = /\bexceeds the (?:total )?limit\b|\bexceeded its local ephemeral storage limit\b/;
/** Some registries say the same of an image that doesn't exist and of one that may not be read. */
const MISSING_OR_DENIED = /insufficient_scope/;
/** The scheduler's words for nodes that have room but don't take the pod. */
const NOT_ON_THESE_NODES = /node\(s\) (?:had|didn't|were unschedulable)/;

/** Our own words for an execution that was never started (pkg/execution/rules/too-late.ts). */
const TOO_OLD = "a diagnosis that old is not acted on";

const refinements: readonly Refinement[] = [
  {
    reason: "DeadlineExceeded",
    isMeant: (message) => message.includes(TOO_OLD),
    advice: { retryable: true, condition: "the diagnosis is renewed, and what kept it from starting is gone" },
  },
  {
    reason: "ImagePullBackOff",
    isMeant: (message) => registryProblem(message) === "unreachable",
    advice: { retryable: true, after: SOON, condition: "the registry can be reached" },
  },
  {
    reason: "ImagePullBackOff",
    isMeant: (message) => registryProblem(message) === "denied" && !MISSING_OR_DENIED.test(message),
    advice: { retryable: false, condition: "the pull credentials are corrected" },
  },
  {
    reason: "ImagePullBackOff",
    isMeant: (message) => registryProblem(message) === "missing",
    advice: { retryable: false, condition: "the image reference is corrected" },
  },
  {
    reason: "ResourceExhausted",
    isMeant: (message) => OWN_LIMIT.test(message),
    advice: { retryable: false, condition: "the limit that was exceeded is raised" },
  },
  {
    reason: "ResourceExhausted",
    isMeant: (message) => NOT_ON_THESE_NODES.test(message) && !message.includes("Insufficient "),
    advice: { retryable: true, after: SOON, condition: "a node takes the pod, by its taints, labels and volumes" },
  },
  {
    reason: "Forbidden",
    isMeant: (message) => message.includes("violates PodSecurity"),
    advice: { retryable: false, condition: "the step runs with fewer privileges or the namespace allows more" },
  },
  {
    reason: "TaskFailed",
    isMeant: (message) => message.includes("Termination message is above max allowed size"),
    advice: { retryable: false, condition: "the step writes smaller results" },
  },
  {
    reason: "TaskFailed",
    isMeant: (message) => message.startsWith("init container failed, "),
    advice: { retryable: false, condition: "what stopped the init container is removed" },
  },
  {
    reason: "TaskFailed",
    isMeant: (message) => message.includes("Error executing command: "),
    advice: { retryable: false, condition: "the step's image has the command that the step names" },
  },
];

/** Whether another attempt can help, by the category and, where they tell more, by the words of the failure. */
export function retryAdvice(reason: FailureReason, message: string): RetryAdvice {
  const refined = refinements.find((one) => one.reason === reason && one.isMeant(message));
  return refined?.advice ?? advices[reason];
}
