import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import type { Created } from "../execute.ts";
import type { Platform } from "../platform.ts";
import type { BundleSource } from "./bundles.ts";

/** How an execution ended, as far as the table compares it. */
export interface Ending {
  /** status.reason: `Succeeded` or a category of failures.md. */
  readonly reason: string;
  readonly task?: string | undefined;
  /** -1 where no task is to blame. Undefined, like all that follows, where nothing failed. */
  readonly taskIndex?: number | undefined;
  readonly step?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly executed?: boolean | undefined;
  readonly retryable?: boolean | undefined;
}

/** What has to be said in the end. */
export interface Expected extends Ending {
  /** Of the summary; where nothing failed, of the message. */
  readonly summary: RegExp;
  /** Where it depends on the moment whether the exit code is known. */
  readonly exitCodeMayBeMissing?: true;
  /** Of the end of the failed step's log, where it has one to show. */
  readonly logTail?: RegExp;
  /** What the step has said, and nobody may say after it: not in the whole status. */
  readonly hidden?: readonly string[];
}

/** A case that was started. */
export interface Scene {
  readonly platform: Platform;
  readonly execution: Created;
}

/** One way in which a workflow can end, and what is to be said about it. */
export interface FaultCase {
  /** In the table, and in the names of its objects. */
  readonly name: string;
  /** What happens. Completes "when …". */
  readonly when: string;
  readonly bundle: BundleSource;
  readonly parameters?: Readonly<Record<string, string>>;
  /** What else the execution asks for. */
  readonly spec?: Partial<WorkflowExecution["spec"]>;
  /** What happens before there is an execution. */
  readonly before?: (platform: Platform) => Promise<void>;
  /** What somebody does to it while it runs. */
  readonly provoke?: (scene: Scene) => Promise<void>;
  readonly expected: Expected;
}

type Blame = Omit<Expected, "reason" | "task" | "taskIndex">;

/** A failure of the task `change`, which is the first of its pipeline unless told otherwise. */
export function blamesChange(reason: string, rest: Blame, taskIndex = 0): Expected {
  return { reason, task: "change", taskIndex, ...rest };
}

/** A failure for which no task is to blame. */
export function blamesNoTask(
  reason: string,
  rest: Pick<Expected, "executed" | "retryable" | "summary" | "logTail">,
): Expected {
  return { reason, taskIndex: -1, ...rest };
}

/** Nothing failed in the end. */
export const SUCCEEDS: Expected = { reason: "Succeeded", summary: /^the run succeeded, \d\/\d tasks done/ };
