import { LABEL_EXECUTION_UID, LABEL_TARGET_HASH } from "../../pkg/api/labels.ts";
import type { KubernetesObject } from "../../pkg/api/meta.ts";
import type { Change } from "./change.ts";
import type { JudgedKind } from "./history-entry.ts";
import type { Scene } from "./scene.ts";

/** Where a run, or what was made for it, comes from. */
export interface Origin {
  /** uid of the PipelineRun that all of it was made for: itself, its owner, or its owner's owner. */
  readonly root: string;
  /** uid of the execution. */
  readonly execution: string;
  /** The hash in the name of the target's lock. */
  readonly target: string;
}

const OWNER_KINDS: Readonly<Record<string, JudgedKind>> = {
  PipelineRun: "run",
  TaskRun: "taskRun",
  CustomRun: "customRun",
};

const LABEL_RUN_UID = "tekton.dev/pipelineRunUID";

/** Undefined where it isn't ours: it carries no execution's label, and nothing that it was made for does. */
export function originOf({ kind, object, uid }: Change, scene: Scene): Origin | undefined {
  if (kind === "execution" || kind === "lock") return undefined;
  const line = [object, ...ownersOf(object, scene)];
  const execution = labelIn(line, LABEL_EXECUTION_UID);
  if (execution === undefined) return undefined;
  return { root: rootOf(line, scene) ?? uid, execution, target: labelIn(line, LABEL_TARGET_HASH) ?? "" };
}

/** Where the owners were never seen, Tekton's label says the run. */
function rootOf(line: readonly KubernetesObject[], scene: Scene): string | undefined {
  const oldest = line.at(-1)?.metadata.uid;
  return scene.get("run", oldest) === undefined ? labelIn(line, LABEL_RUN_UID) : oldest;
}

/** What an object was made for, nearest first, whether it is still there or not. */
function ownersOf(object: KubernetesObject, scene: Scene): readonly KubernetesObject[] {
  const owner = object.metadata.ownerReferences?.find(({ controller }) => controller === true);
  const kind = OWNER_KINDS[owner?.kind ?? ""];
  const life = kind === undefined ? undefined : scene.get(kind, owner?.uid);
  return life === undefined ? [] : [life.object, ...ownersOf(life.object, scene)];
}

function labelIn(line: readonly KubernetesObject[], label: string): string | undefined {
  return line.map(({ metadata }) => metadata.labels?.[label]).find((value) => value !== undefined);
}
