/** The last row that was dropped with its month; 0 where none was. */
export const droppedTo = `
SELECT coalesce(max(p.last_seq), 0) AS seq FROM audit.partitions AS p WHERE p.dropped_by_seq IS NOT NULL`;
