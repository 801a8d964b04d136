-- The trail has events of target locks too (a block was cleared there), and an execution's own trail has such events after
-- its end. The view is about executions, and what became of one is told by the events of its life alone: whatever the
-- facts of other events are called, they change nothing here. Its columns stay as they were.
CREATE OR REPLACE VIEW public.workflow_execution_audit AS
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

COMMENT ON TABLE audit.events IS 'What happened to workflow executions and to target locks, in the order in which it was recorded.';
COMMENT ON COLUMN audit.events.event_id IS 'UUIDv5 of "<wfe_uid>:<ordinal>:<event type>".';
COMMENT ON COLUMN audit.events.wfe_uid IS 'UID of the WorkflowExecution; of the TargetLock where namespace is empty.';
COMMENT ON COLUMN audit.events.ordinal IS 'Number of the event among those of its execution or lock, from 1 without gaps.';
COMMENT ON COLUMN audit.events.namespace IS 'Of the WorkflowExecution; empty for a TargetLock.';
COMMENT ON COLUMN audit.events.wfe_name IS 'Name of the WorkflowExecution or TargetLock.';
COMMENT ON COLUMN audit.events.workflow_version IS 'Empty for a TargetLock.';
COMMENT ON COLUMN audit.events.correlation_id IS 'Name of the remediation request; for a TargetLock its own name.';
COMMENT ON COLUMN audit.events.row_hash IS 'SHA-256 of all columns that the controller wrote; the receipt in the execution or lock has it too.';
