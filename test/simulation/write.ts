/** A request that changes an object, wherever it is on its way. */
import type { PatchOperation } from "../../pkg/controller/ports.ts";
import { PIPELINE_RUN_PENDING, type PipelineRun } from "../../pkg/api/tekton.ts";
import type { ApiRequest } from "./api-request.ts";
import { LOCK_SLOT, read, type State } from "./layout.ts";
import { versionNumber } from "./object-table.ts";
import { taskRunName } from "./subjects.ts";
import type { World } from "./world.ts";

export interface Write {
  readonly number: number;
  readonly request: ApiRequest;
  /** Which object: a column of the state. */
  readonly slot: number;
  readonly text: string;
  readonly only: Conditions;
}

/** Under which conditions alone it is accepted. Once they don't hold they never will again. */
export interface Conditions {
  /** 0 for any. */
  readonly version: number;
  readonly uid: string | undefined;
  readonly isPending: boolean;
}

/** Which object it is about. */
export function slotOf({ resource, ref }: ApiRequest, { subjects, layout }: World): number {
  if (resource === "locks") return LOCK_SLOT;
  const own = { executions: "execution", runs: "run", taskRuns: "taskRun", pods: "pod" } as const;
  const subject = subjects.find((one) => [one.name, one.run, taskRunName(one)].includes(ref.name));
  if (subject === undefined) throw new Error(`there is no ${resource} ${ref.name}`);
  return layout.slot(subject.index, own[resource]);
}

/** What the request itself tests. */
export function conditionsOf(request: ApiRequest): Conditions {
  const none: Conditions = { version: 0, uid: undefined, isPending: false };
  switch (request.verb) {
    case "create":
      return none;
    case "replace":
    case "replaceStatus":
      return { ...none, version: versionNumber(request.object) };
    case "delete":
      return { ...none, version: Number(request.options.resourceVersion ?? 0), uid: request.options.uid };
    case "patch":
      return {
        version: Number(tested(request.operations, "/metadata/resourceVersion") ?? 0),
        uid: tested(request.operations, "/metadata/uid") as string | undefined,
        isPending: tested(request.operations, "/spec/status") === PIPELINE_RUN_PENDING,
      };
  }
}

function tested(operations: readonly PatchOperation[], field: string): unknown {
  const test = operations.find(({ op, path }) => op === "test" && path === field);
  return test === undefined || test.op === "remove" ? undefined : test.value;
}

/** Whether the write will be refused whenever it arrives: what it wants is gone for good. */
export function isDoomed({ table }: World, state: State, { slot, only }: Write): boolean {
  const number = read(state, slot);
  if (only.version !== 0) return only.version !== number;
  if (only.uid === undefined) return false;
  const object = table.get(number);
  if (object?.metadata.uid !== only.uid) return true;
  return only.isPending && (object as PipelineRun).spec.status !== PIPELINE_RUN_PENDING;
}
