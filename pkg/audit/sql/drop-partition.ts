/** Drops the partition $1. */
export const dropPartition = "SELECT audit.drop_partition($1) AS seq";
