/**
 * What is known of the migrations before anything is done: whether any was applied, and whether this login may apply them:
 * make roles, or act as the ones that a DBA has made.
 */
export const migrationState = `
SELECT
  current_user AS login,
  EXISTS (SELECT FROM pg_class WHERE relname = 'migrations' AND relnamespace = to_regnamespace('audit')) AS prepared,
  EXISTS (SELECT FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolcreaterole))
  OR (
    SELECT count(*) = 2 FROM pg_roles
    WHERE rolname IN ('audit_owner', 'audit_keeper') AND pg_has_role(current_user, oid, 'MEMBER')
  ) AS may_migrate`;
