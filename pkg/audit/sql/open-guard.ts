/** Lets this transaction change the trail's tables, where they are guarded (migrations/0022_guard.sql). */
export const openGuard = `
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT evtname FROM pg_event_trigger WHERE evtname LIKE 'audit\\_guard\\_%' LOOP
    EXECUTE format('ALTER EVENT TRIGGER %I DISABLE', name);
  END LOOP;
END $$`;

/** The guard again, before the commit. */
export const closeGuard = `
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT evtname FROM pg_event_trigger WHERE evtname LIKE 'audit\\_guard\\_%' LOOP
    EXECUTE format('ALTER EVENT TRIGGER %I ENABLE ALWAYS', name);
  END LOOP;
END $$`;
