-- One row an execution, in the schema that everybody finds without a search_path. Its first event says what was asked
-- (a condition on that uses the table's indexes), all of them together say what became of it; a later fact wins. What
-- became of an execution is told by the events of its life alone: whatever the facts of other events are called, they
-- change nothing here. It shows what whoever asks may see of audit.events.
CREATE VIEW public.workflow_execution_audit WITH (security_invoker = true) AS
WITH life_events AS NOT MATERIALIZED (
  SELECT * FROM audit.events WHERE starts_with(event_type, 'workflowexecution.workflow.')
)
SELECT
  asked.wfe_uid                                             AS id,
  coalesce(asked.remediation_uid, asked.correlation_id)     AS remediation_id,
  asked.workflow_id,
  asked.workflow_version,
  asked.container_image,
  coalesce(known.facts ->> 'targetResource', asked.target)  AS target_resource,
  asked.parameters,
  life.completed_at - life.started_at                       AS total_duration,
  known.facts ->> 'runName'                                 AS pipelinerun_name,
  coalesce(known.facts ->> 'phase', CASE life.last_state
    WHEN 'workflowexecution.workflow.started'   THEN 'Running'
    WHEN 'workflowexecution.workflow.completed' THEN 'Completed'
    WHEN 'workflowexecution.workflow.failed'    THEN 'Failed'
    WHEN 'workflowexecution.workflow.cancelled' THEN 'Failed'
    WHEN 'workflowexecution.workflow.skipped'   THEN 'Skipped'
    ELSE 'Pending' END)                                     AS phase,
  known.facts ->> 'outcome'                                 AS outcome,
  known.facts ->> 'failureReason'                           AS failure_reason,
  known.facts ->> 'failureMessage'                          AS failure_message,
  known.facts ->> 'skipReason'                              AS skip_reason,
  known.facts ->> 'conflictingExecution'                    AS conflicting_wfe,
  life.started_at,
  life.completed_at,
  asked.correlation_id,
  coalesce(life.created_at, asked.occurred_at)              AS created_at
FROM life_events AS asked
CROSS JOIN LATERAL (
  SELECT
    (array_agg(e.event_type ORDER BY e.ordinal DESC) FILTER (WHERE e.event_type IN (
      'workflowexecution.workflow.started', 'workflowexecution.workflow.completed', 'workflowexecution.workflow.failed',
      'workflowexecution.workflow.cancelled', 'workflowexecution.workflow.skipped')))[1] AS last_state,
    (array_agg(e.execution_created_at ORDER BY e.ordinal) FILTER (WHERE e.execution_created_at IS NOT NULL))[1] AS created_at,
    (array_agg(e.started_at ORDER BY e.ordinal DESC) FILTER (WHERE e.started_at IS NOT NULL))[1]                AS started_at,
    (array_agg(e.completed_at ORDER BY e.ordinal DESC) FILTER (WHERE e.completed_at IS NOT NULL))[1]            AS completed_at
  FROM life_events AS e
  WHERE e.wfe_uid = asked.wfe_uid
) AS life
CROSS JOIN LATERAL (
  SELECT jsonb_object_agg(fact.key, fact.value ORDER BY e.ordinal) AS facts
  FROM life_events AS e CROSS JOIN LATERAL jsonb_each(e.facts) AS fact
  WHERE e.wfe_uid = asked.wfe_uid
) AS known
WHERE NOT EXISTS (
  SELECT FROM life_events AS earlier WHERE earlier.wfe_uid = asked.wfe_uid AND earlier.ordinal < asked.ordinal
);

COMMENT ON VIEW public.workflow_execution_audit IS 'One row for each workflow execution, from the events in audit.events.';
COMMENT ON COLUMN public.workflow_execution_audit.id IS 'UID of the WorkflowExecution.';
COMMENT ON COLUMN public.workflow_execution_audit.remediation_id IS 'UID of the remediation request; its name where the requester gave no UID.';
COMMENT ON COLUMN public.workflow_execution_audit.total_duration IS 'From the start to the end of the run; NULL where no run started or none has ended.';
COMMENT ON COLUMN public.workflow_execution_audit.correlation_id IS 'Name of the remediation request.';
