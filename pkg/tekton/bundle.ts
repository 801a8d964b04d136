import type { PipelineRun } from "../api/tekton.ts";
import type { WorkflowExecution } from "../api/workflow-execution.ts";

/** The OCI bundle that an execution asks for, under either of the two names that orchestrators write. */
export interface AskedBundle {
  /** The reference as written: `repository:tag`, `repository@sha256:…` or both. */
  readonly image: string;
  readonly repository: string;
  /** `sha256:…` where one is known before the run. */
  readonly digest?: string;
}

type BundleFields = Partial<WorkflowExecution["spec"]["workflowRef"]>;

/** The bundle of an execution. Admission has checked that exactly one image is given and that the digests agree. */
export function askedBundle(workflowRef: BundleFields): AskedBundle {
  const image = workflowRef.containerImage ?? workflowRef.executionBundle ?? "";
  const [name = "", inside] = image.split("@");
  const digest = inside ?? workflowRef.containerDigest ?? workflowRef.executionBundleDigest;
  return { image, repository: withoutTag(name), ...(digest === undefined ? {} : { digest }) };
}

/** Under which name Tekton's bundle resolver is told the reference. */
export const BUNDLE_PARAM = "bundle";

/** The digest that Tekton has resolved for a run; the one that was asked for where Tekton says none. */
export function executedDigest(workflowRef: BundleFields, run: PipelineRun): string | undefined {
  const sha256 = run.status?.provenance?.refSource?.digest?.["sha256"];
  return sha256 === undefined ? askedBundle(workflowRef).digest : `sha256:${sha256}`;
}

/** What Tekton's bundle resolver was asked for by a run, by the digest that it has found; undefined where it wasn't. */
export function bundleOfRun(run: PipelineRun): Omit<AskedBundle, "image"> | undefined {
  const asked = run.spec.pipelineRef?.params.find(({ name }) => name === BUNDLE_PARAM)?.value;
  if (typeof asked !== "string") return undefined;
  const workflowRef = { containerImage: asked };
  const { repository } = askedBundle(workflowRef);
  const digest = executedDigest(workflowRef, run);
  return digest === undefined ? { repository } : { repository, digest };
}

/** The reference that Tekton's resolver gets: pinned by digest where one is known, so that what ran is what was asked. */
export function bundleReference(bundle: AskedBundle): string {
  return bundle.digest === undefined ? bundle.image : `${bundle.repository}@${bundle.digest}`;
}

/** A colon after the last slash starts a tag; one before it belongs to the registry's port. */
function withoutTag(name: string): string {
  const colon = name.lastIndexOf(":");
  return colon > name.lastIndexOf("/") ? name.slice(0, colon) : name;
}
