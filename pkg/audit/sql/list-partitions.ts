/** Every partition that there ever was, the oldest first, with the holds that keep it (as audit.drop_partition_at has it). */
export const listPartitions = `
SELECT p.name, p.first_seq, p.last_seq, p.dropped_by_seq, month.ends + r.period AS droppable_at,
  month.ends <= now() - r.period AS is_past,
  ARRAY(
    SELECT h.hold_id::text FROM audit.holds AS h
    WHERE p.dropped_by_seq IS NULL AND h.released_seq IS NULL
      AND (h.from_time < month.ends AND h.to_time > month.starts OR h.placed_seq BETWEEN p.first_seq AND p.last_seq)
    ORDER BY h.placed_seq
  ) AS held_by
FROM audit.partitions AS p
CROSS JOIN audit.retention_period AS r
CROSS JOIN LATERAL (
  SELECT first AS starts, (first AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC' AS ends
  FROM make_timestamptz(substr(p.name, 8, 4)::integer, substr(p.name, 12, 2)::integer, 1, 0, 0, 0, 'UTC') AS first
) AS month
ORDER BY p.name`;
