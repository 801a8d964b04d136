/** The hash of the row with number $1, as hex; null where the trail has no such row. */
export const hashAt = "SELECT encode(audit.hash_at($1), 'hex') AS hash";
