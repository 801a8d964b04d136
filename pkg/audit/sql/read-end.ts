/** The end of the trail, for whoever may append or read. */
export const readEnd = `
SELECT origin::text, seq::text, encode(row_hash, 'hex') AS hash, timeline FROM audit.checkpoint()`;
