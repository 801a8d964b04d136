/** The receipts of events that are recorded: $1 is an array of their ids. */
export const findEvents = `
SELECT event_id, seq, encode(content_hash, 'hex') AS content_hash, encode(row_hash, 'hex') AS row_hash
FROM audit.events WHERE event_id = ANY ($1::uuid[])`;
