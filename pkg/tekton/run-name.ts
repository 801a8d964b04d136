import { sha256Hex } from "../api/sha256.ts";

const READABLE = 20;
const HASH = 16;

/**
 * Name of an execution's only PipelineRun: readable, and unique for ever because it contains the execution's uid. Names
 * are never reused: a new run with an old name would adopt the old one's TaskRuns (tektoncd pkg/reconciler/pipelinerun).
 */
export function runName(execution: { readonly name: string; readonly uid: string }): string {
  const readable = execution.name.slice(0, READABLE).replace(/[^a-z0-9]+$/, "");
  return `${readable}-${sha256Hex(execution.uid).slice(0, HASH)}`;
}
