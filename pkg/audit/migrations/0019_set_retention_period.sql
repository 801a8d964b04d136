SET LOCAL ROLE audit_keeper;

-- For a DBA: nobody is granted it.
CREATE FUNCTION audit.set_retention_period(period interval) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE audit.retention_period AS r SET period = set_retention_period.period;
  PERFORM audit.append_own('config.changed', 'RetentionPeriod', jsonb_build_object('period', period::text), clock_timestamp());
END $$;
