import { API_VERSION, FINALIZER } from "../../../pkg/api/labels.ts";
import type { ObjectMeta } from "../../../pkg/api/meta.ts";
import type {
  WorkflowExecution,
  WorkflowExecutionSpec,
  WorkflowExecutionStatus,
} from "../../../pkg/api/workflow-execution.ts";
import { CREATED_AT } from "./moments.ts";

export interface ExecutionWishes {
  readonly metadata?: Partial<ObjectMeta>;
  readonly spec?: Partial<WorkflowExecutionSpec>;
  readonly workflowRef?: Partial<WorkflowExecutionSpec["workflowRef"]>;
  readonly status?: Partial<WorkflowExecutionStatus>;
}

/** The digest that the execution asks for. */
export const ASKED_DIGEST = `sha256:${"a".repeat(64)}`;

/** An execution as the API server has it: Pending, with our finalizer. */
export function aWorkflowExecution(wishes: ExecutionWishes = {}): WorkflowExecution {
  return {
    apiVersion: API_VERSION,
    kind: "WorkflowExecution",
    metadata: {
      name: "restart-checkout",
      namespace: "remediation",
      uid: "uid-of-restart-checkout",
      resourceVersion: "100",
      generation: 1,
      creationTimestamp: CREATED_AT,
      finalizers: [FINALIZER],
      ...wishes.metadata,
    },
    spec: {
      remediationRequestRef: { name: "rr-checkout-oom" },
      workflowRef: {
        workflowId: "restart-deployment",
        version: "1.2.0",
        containerImage: `registry.example/workflows/restart@${ASKED_DIGEST}`,
        ...wishes.workflowRef,
      },
      targetResource: "payment/Deployment/checkout",
      ...wishes.spec,
    },
    status: { phase: "Pending", ...wishes.status },
  };
}

/** An execution that somebody asks for: without anything that the API server or the controller adds. */
export function aRequestedExecution(name: string, wishes: ExecutionWishes = {}): WorkflowExecution {
  const { spec } = aWorkflowExecution(wishes);
  return { apiVersion: API_VERSION, kind: "WorkflowExecution", metadata: { name, namespace: "remediation" }, spec };
}
