CREATE FUNCTION refuse_change_of_depot_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'depot_audit is append-only';
END
$$;
--> statement-breakpoint
CREATE TRIGGER depot_audit_append_only BEFORE UPDATE OR DELETE ON depot_audit FOR EACH ROW EXECUTE FUNCTION refuse_change_of_depot_audit();
--> statement-breakpoint
CREATE TRIGGER depot_audit_not_truncated BEFORE TRUNCATE ON depot_audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_depot_audit();
