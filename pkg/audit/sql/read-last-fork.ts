/** The newest row that says that the trail had lost rows. */
export const readLastFork = `
SELECT pg_catalog.max(seq)::pg_catalog.text AS seq FROM audit.events WHERE event_type = 'chain.fork'`;
