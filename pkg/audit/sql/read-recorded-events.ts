const columns = `e.wfe_uid AS uid, e.ordinal, e.event_type AS type, e.seq, encode(e.row_hash, 'hex') AS hash, e.namespace,
  e.wfe_name AS name, e.run_uid AS "runUid", e.cluster_id AS "clusterId"`;

/**
 * At most $4 events of executions and target locks behind the one with uid $1, ordinal $2 and number $3, in that order; of
 * one cluster only where $5 names it.
 */
export const readRecordedEvents = `
SELECT ${columns} FROM audit.events AS e
WHERE (e.wfe_uid, e.ordinal, e.seq) > ($1::text, $2::integer, $3::bigint)
  AND starts_with(e.event_type, 'workflowexecution.') AND ($5::text IS NULL OR e.cluster_id = $5)
ORDER BY e.wfe_uid, e.ordinal, e.seq LIMIT $4`;

/** All events of one execution or target lock ($1). */
export const readEventsOf = `
SELECT ${columns} FROM audit.events AS e
WHERE e.wfe_uid = $1 AND starts_with(e.event_type, 'workflowexecution.') ORDER BY e.ordinal, e.seq`;
