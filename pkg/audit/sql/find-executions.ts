import type { ExecutionFilter } from "../ask/execution-filter.ts";

export interface Statement {
  readonly text: string;
  readonly values: unknown[];
}

/**
 * Executions, the newest record first: from the first event of each, which has its name, to what the view says of it. With
 * OFFSET 0 the view is asked for one execution at a time, so that only as many are put together as are shown.
 */
export function findExecutions(filter: ExecutionFilter): Statement {
  const values: unknown[] = [];
  const conditions = conditionsOf(filter, (value) => `$${String(values.push(value))}`);
  const text = `
SELECT v.created_at, asked.namespace, asked.wfe_name AS name, v.id, asked.actor AS requested_by, v.remediation_id,
  v.correlation_id, v.workflow_id, v.workflow_version, v.container_image, v.target_resource, v.parameters, v.phase,
  v.outcome, v.failure_reason, v.failure_message, v.skip_reason, v.conflicting_wfe, v.pipelinerun_name, v.started_at,
  v.completed_at, v.total_duration::text AS total_duration
FROM audit.events AS asked
CROSS JOIN LATERAL (SELECT * FROM public.workflow_execution_audit AS w WHERE w.id = asked.wfe_uid OFFSET 0) AS v
WHERE starts_with(asked.event_type, 'workflowexecution.workflow.')
  AND NOT EXISTS (
    SELECT FROM audit.events AS earlier WHERE earlier.wfe_uid = asked.wfe_uid AND earlier.ordinal < asked.ordinal
      AND starts_with(earlier.event_type, 'workflowexecution.workflow.')
  )${conditions.map((condition) => `\n  AND ${condition}`).join("")}
ORDER BY asked.seq DESC LIMIT $${String(values.push(filter.limit))}`;
  return { text, values };
}

type Parameter = (value: unknown) => string;

/** Only those that are asked for: a condition that is always true would keep an index from being used. */
function conditionsOf(filter: ExecutionFilter, parameter: Parameter): readonly string[] {
  const { targets, targetPrefix, workflowId, actor, correlationId, outcome, phase, since, until } = filter;
  return [
    where(targets, (value) => hasEvent(`e.target = ANY (${parameter(value)}::text[])`)),
    where(targetPrefix, (value) => hasEvent(`starts_with(e.target, ${parameter(value)})`)),
    where(workflowId, (value) => hasEvent(`e.workflow_id = ${parameter(value)}`)),
    where(actor, (value) => actedOn(parameter(value))),
    where(correlationId, (value) => hasEvent(`e.correlation_id = ${parameter(value)}`)),
    where(outcome, (value) => `v.outcome = ${parameter(value)}`),
    where(phase, (value) => `v.phase = ${parameter(value)}`),
    where(since, (value) => happenedSince(parameter(value))),
    where(until, (value) => `asked.occurred_at < ${parameter(value)}::timestamptz`),
  ].filter((condition) => condition !== undefined);
}

function where<T>(value: T | undefined, condition: (value: T) => string): string | undefined {
  return value === undefined ? undefined : condition(value);
}

function hasEvent(condition: string): string {
  return `asked.wfe_uid IN (SELECT e.wfe_uid FROM audit.events AS e WHERE ${condition})`;
}

/** A block is cleared on the lock where its execution is gone; who cancelled is a fact of the end. */
function actedOn(actor: string): string {
  return `asked.wfe_uid IN (
    SELECT unnest(ARRAY[e.wfe_uid, e.facts ->> 'blockedExecutionUid']) FROM audit.events AS e WHERE e.actor = ${actor}
    UNION ALL
    SELECT e.wfe_uid FROM audit.events AS e
    WHERE e.event_type = 'workflowexecution.workflow.cancelled' AND e.facts ->> 'cancelledBy' = ${actor}
  )`;
}

/** An event is recorded after it happened, but for two clocks that differ: older partitions aren't looked at. */
function happenedSince(moment: string): string {
  return `asked.occurred_at >= ${moment}::timestamptz AND asked.recorded_at >= ${moment}::timestamptz - interval '1 day'`;
}
