import type { WorkflowExecution } from "../api/workflow-execution.ts";
import type { Policy } from "./policy.ts";
import type { ExecutionSnapshot } from "./snapshot.ts";
import type { Step } from "./step.ts";

/** What a rule looks at: the snapshot, the execution that it is about, and the configuration. */
export interface Case {
  /** Without the hidden values, which others may have put into their texts. */
  readonly s: ExecutionSnapshot;
  /** As the user wrote it: a text of its spec or annotations that goes elsewhere goes without the hidden values. */
  readonly w: WorkflowExecution;
  readonly policy: Policy;
  /** Values of parameters that must not be seen, for withoutValues. */
  readonly hidden: readonly string[];
}

/** One rule of the product: the next step, or undefined where the rule doesn't apply. The first answer wins. */
export type Rule = (c: Case) => Step | undefined;
