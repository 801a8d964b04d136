const columns = `e.seq, e.occurred_at, e.recorded_at, e.event_type, e.outcome, e.reason, e.actor, e.namespace, e.wfe_name,
  e.wfe_uid, e.ordinal, e.target, e.workflow_id, e.workflow_version, e.correlation_id, e.rationale, e.facts`;

/**
 * The events of an execution ($1), and those of its target's lock that lift the block which it left: the block names the
 * execution; where it names none, target and workflow have to do.
 */
export const readStory = `
SELECT ${columns} FROM audit.events AS e WHERE e.wfe_uid = $1
UNION ALL
SELECT ${columns} FROM audit.events AS e
WHERE e.event_type = 'workflowexecution.block.cleared' AND e.namespace = ''
  AND (e.target, e.workflow_id) IN (SELECT own.target, own.workflow_id FROM audit.events AS own WHERE own.wfe_uid = $1)
  AND e.wfe_uid <> $1 AND coalesce(e.facts ->> 'blockedExecutionUid', $1) = $1
ORDER BY 1`;
