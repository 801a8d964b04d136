/** Records events: $1 is an array of rows in JSON. What comes back: migrations/0014_append_at.sql. */
export const appendEvents = `
SELECT event_id, seq, encode(row_hash, 'hex') AS row_hash, refusal FROM audit.append($1::jsonb[])`;
