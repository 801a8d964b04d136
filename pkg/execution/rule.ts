import type { WorkflowExecution } from "../api/workflow-execution.ts";
import type { Policy } from "./policy.ts";
import type { ExecutionSnapshot } from "./snapshot.ts";
import type { Step } from "./step.ts";

/** What a rule looks at: the snapshot, the execution that it is about, and the configuration. */
export interface Case {
  readonly s: ExecutionSnapshot;
  readonly w: WorkflowExecution;
  readonly policy: Policy;
}

/** One rule of the product: the next step, or undefined where the rule doesn't apply. The first answer wins. */
export type Rule = (c: Case) => Step | undefined;
