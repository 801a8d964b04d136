/**
 * An independent reading of what Tekton and Kubernetes wrote in fields, not in texts, by which a test can judge whether
 * a diagnosis may be certain. It knows nothing of the product's own rules: the names are those of failures.md.
 */
import type { RunEvidence } from "../../pkg/tekton/run-evidence.ts";

const CONFIGURATION =
  "ParameterMissing ParameterTypeMismatch ObjectParameterMissKeys InvalidParamValue InvalidWorkspaceBindings PodCreationFailed " +
  "InvalidTaskRunSpecs CreateRunFailed PipelineValidationFailed PipelineInvalidGraph CouldntGetPipelineResult " +
  "TaskRunValidationFailed TaskValidationFailed CELEvaluationFailed CouldntCreateWorkspacePVC InvalidMatrixParameterTypes " +
  "ReasonCouldntCreateOrUpdateAffinityAssistantStatefulSet InvalidPipelineResourceBindings InvalidPipelineResultReference " +
  "InvalidTaskResultReference ParamArrayIndexingInvalid RequiredWorkspaceMarkedOptional CreateContainerConfigError " +
  "CreateContainerError RunContainerError StartError ContainerCannotRun";
const IMAGE =
  "TaskRunImagePullFailed PullImageFailed ImagePullBackOff ErrImagePull InvalidImageName ErrImageNeverPull " +
  "ImageInspectError RegistryUnavailable";
const EXHAUSTED =
  "ExceededResourceQuota ExceededNodeResources PodEvicted Evicted OutOfcpu OutOfmemory OutOfpods " +
  "OutOfephemeral-storage Preempted Preempting PreemptionByScheduler Unschedulable";
const INTERRUPTED =
  "ContainerStatusUnknown NodeLost NodeShutdown NodeNotReady Shutdown Terminated TerminationByKubelet " +
  "DeletionByPodGC DeletionByTaintManager EvictionByEvictionAPI TaintManagerEviction";

/** By category, the words in fields of which one must be there for a certain answer. */
const proofs: ReadonlyMap<string, string> = new Map([
  ["Cancelled", "Cancelled TaskRunCancelled"],
  ["OOMKilled", "StepOOM SidecarOOM InitContainerOOM OOMKilled"],
  ["DeadlineExceeded", "PipelineRunTimeout TaskRunTimeout TimeoutExceeded DeadlineExceeded timed-out"],
  ["ImagePullBackOff", IMAGE],
  ["ResourceExhausted", EXHAUSTED],
  ["Forbidden", "PodAdmissionFailed ResourceVerificationFailed"],
  ["ConfigurationError", CONFIGURATION],
  ["Interrupted", `${INTERRUPTED} killed-and-deleted ended-after-deletion`],
  ["TaskFailed", "StepFailed SidecarFailed InitContainerFailed Failed TaskRunResultLargerThanAllowedLimit"],
]);

/** Whether fields of the evidence bear a certain answer of that category. Text alone never does. */
export function bears(evidence: RunEvidence, category: string): boolean {
  const words = wordsIn(evidence);
  return (proofs.get(category) ?? "").split(" ").some((proof) => words.has(proof));
}

function wordsIn(evidence: RunEvidence): ReadonlySet<string> {
  const words = new Set<string>();
  const pods = [...evidence.pods, ...(evidence.live?.lostPods ?? [])];
  for (const object of [evidence.run, ...evidence.taskRuns, ...pods]) collect(object, words);
  const deleted = pods.some(({ metadata }) => typeof metadata.deletionTimestamp === "string");
  if (deleted && ["exit 255", "exit 137", "exit 143"].some((exit) => words.has(exit))) words.add("killed-and-deleted");
  if (pods.some(({ metadata }) => hasEndedAfter(metadata, words))) words.add("ended-after-deletion");
  return words;
}

/** Whether anything ended after the deletion of a pod was asked for, which is known while its grace period runs. */
function hasEndedAfter(metadata: object, words: ReadonlySet<string>): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds: grace } = metadata as Readonly<Record<string, unknown>>;
  if (typeof deletionTimestamp !== "string" || typeof grace !== "number" || grace <= 0) return false;
  const askedAt = Date.parse(deletionTimestamp) - grace * 1000;
  return [...words].some((word) => word.startsWith("ended ") && Date.parse(word.slice("ended ".length)) >= askedAt);
}

/** Every reason in an object, and the few other fields and fixed forms that Tekton decides by. */
function collect(value: unknown, words: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, child] of Object.entries(value as Readonly<Record<string, unknown>>)) {
    const said = typeof child === "string" || typeof child === "number" ? String(child) : "";
    for (const word of wordsOf(key, said)) words.add(word);
    collect(child, words);
  }
}

/** Fields whose values mean something only with their name. */
const MARKED: ReadonlyMap<string, string> = new Map([
  ["exitCode", "exit"],
  ["finishedAt", "ended"],
]);

function wordsOf(key: string, said: string): readonly string[] {
  if (key === "reason" || key === "terminationReason" || key.endsWith("/stop-reason")) return [said];
  const marked = MARKED.get(key);
  if (marked !== undefined) return [`${marked} ${said}`];
  if (key === "statusMessage") return said.endsWith("has timed out.") ? ["timed-out"] : [];
  // Tekton's own form for the state before a timeout, in which the reason is a field.
  return key === "message" ? (/\nPrevious status: \[(\w+)\] /.exec(said)?.slice(1) ?? []) : [];
}
