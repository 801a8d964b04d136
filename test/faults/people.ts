/** What people do meanwhile: they delete executions and runs, and clear blocks on locks and on executions. */
import { ANNOTATION_CLEAR_BLOCK, ANNOTATION_CLEARED_BY } from "../../pkg/api/labels.ts";
import type { KubernetesObject } from "../../pkg/api/meta.ts";
import { isTerminal } from "../../pkg/execution/conditions.ts";
import { isDone } from "../../pkg/tekton/run-state.ts";
import { ApiError } from "../../pkg/runtime/api-error.ts";
import type { TargetLock, WorkflowHistory } from "../../pkg/api/target-lock.ts";
import type { PatchOperation } from "../../pkg/controller/ports.ts";
import type { World } from "../support/controller-world.ts";
import type { Random } from "./seeded-random.ts";

/** Deletes an execution, mostly one that has not ended. False where there is none. */
export async function deleteExecution({ api, stores }: World, random: Random): Promise<boolean> {
  const there = stores.executions.list().filter(isNotDeleted);
  const open = there.filter(({ status }) => !isTerminal(status?.phase));
  const candidates = open.length > 0 && random.chance(0.8) ? open : there;
  if (candidates.length === 0) return false;
  const { metadata } = random.pick(candidates);
  await unlessRefused(() => api.executions.delete(metadata, { uid: metadata.uid ?? "" }));
  return true;
}

/** Deletes a run behind the controllers' back, Pending or started. False where there is none. */
export async function deleteRun({ api, stores }: World, random: Random): Promise<boolean> {
  const there = stores.runs.list().filter((run) => isNotDeleted(run) && !isDone(run));
  if (there.length === 0) return false;
  const { metadata } = random.pick(there);
  await unlessRefused(() => api.runs.delete(metadata, { uid: metadata.uid ?? "" }));
  return true;
}

function isNotDeleted({ metadata }: KubernetesObject): boolean {
  return metadata.deletionTimestamp === undefined;
}

/** Asks for a block to be lifted, on the lock or on the execution that it is from. False where nothing is blocked. */
export async function clearBlock(world: World, user: string, random: Random): Promise<boolean> {
  const { api, stores } = world;
  const blocks = stores.locks.list().flatMap(blocksOf);
  if (blocks.length === 0) return false;
  const { lock, entry } = random.pick(blocks);
  const { namespace = "", name = "" } = entry.blockedBy ?? {};
  const onExecution = random.chance(0.5) && stores.executions.get(`${namespace}/${name}`) !== undefined;
  await unlessRefused(() =>
    onExecution
      ? api.executions.jsonPatch({ namespace, name }, annotate("looked at", user))
      : api.locks.jsonPatch(lock.metadata, annotate(`${entry.workflowId}: looked at`, user)),
  );
  return true;
}

interface Block {
  readonly lock: TargetLock;
  readonly entry: WorkflowHistory;
}

function blocksOf(lock: TargetLock): readonly Block[] {
  const entries = (lock.spec.workflows ?? []).filter(({ blockedBy }) => blockedBy !== undefined);
  return entries.map((entry) => ({ lock, entry }));
}

function annotate(text: string, user: string): readonly PatchOperation[] {
  const value = { [ANNOTATION_CLEAR_BLOCK]: text, [ANNOTATION_CLEARED_BY]: user };
  return [{ op: "add", path: "/metadata/annotations", value }];
}

/** It may be gone, or no longer blocked: people see that and do nothing more. */
async function unlessRefused(request: () => Promise<unknown>): Promise<void> {
  try {
    await request();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}
