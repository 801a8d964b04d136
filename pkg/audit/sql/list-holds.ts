/** Everything that is or was held, the newest first. */
export const listHolds = `
SELECT hold_id::text AS id, from_time, to_time, reason, placed_seq, released_seq
FROM audit.holds ORDER BY placed_seq DESC`;
