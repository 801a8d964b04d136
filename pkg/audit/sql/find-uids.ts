/** The executions that had a name in a namespace, the newest first: $1 the namespace, $2 the name. */
export const findUids = `
SELECT e.wfe_uid AS uid FROM audit.events AS e
WHERE e.wfe_name = $2 AND e.namespace = $1 GROUP BY e.wfe_uid ORDER BY min(e.seq) DESC`;
