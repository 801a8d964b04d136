/** What is on record of one execution: the columns of workflow_execution_audit, its name, and who asked for it. */
export interface ExecutionRecord {
  readonly created_at: Date;
  readonly namespace: string;
  readonly name: string;
  /** UID of the execution. */
  readonly id: string;
  readonly requested_by: string | null;
  readonly remediation_id: string;
  /** Name of the remediation request. */
  readonly correlation_id: string;
  readonly workflow_id: string;
  readonly workflow_version: string;
  readonly container_image: string | null;
  readonly target_resource: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly phase: string;
  readonly outcome: string | null;
  readonly failure_reason: string | null;
  readonly failure_message: string | null;
  readonly skip_reason: string | null;
  readonly conflicting_wfe: string | null;
  readonly pipelinerun_name: string | null;
  readonly started_at: Date | null;
  readonly completed_at: Date | null;
  /** hh:mm:ss */
  readonly total_duration: string | null;
}

/** Its columns in the order in which they are shown. */
export const executionColumns = [
  "created_at",
  "namespace",
  "name",
  "id",
  "requested_by",
  "remediation_id",
  "correlation_id",
  "workflow_id",
  "workflow_version",
  "container_image",
  "target_resource",
  "parameters",
  "phase",
  "outcome",
  "failure_reason",
  "failure_message",
  "skip_reason",
  "conflicting_wfe",
  "pipelinerun_name",
  "started_at",
  "completed_at",
  "total_duration",
] as const satisfies readonly (keyof ExecutionRecord)[];
