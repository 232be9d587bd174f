-- The text of an entry over which its hash is computed. Its form never changes: the hashes of old entries depend on it.
CREATE FUNCTION audit_content(entry audit_entry) RETURNS text
  LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC'
AS $$
  SELECT jsonb_build_array(
    entry.entry_id,
    to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    entry.actor_kind, entry.actor_id, entry.actor, entry.fsp_id,
    entry.action, entry.subject_type, entry.subject_id, entry.detail
  )::text
$$;--> statement-breakpoint
-- Gives an entry its place in the chain. It runs at commit, so that the lock is held for a moment only and waits for nothing else.
-- It runs as its owner: the server itself cannot write links.
CREATE FUNCTION link_audit_entry() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  last audit_link%ROWTYPE;
BEGIN
  PERFORM pg_advisory_xact_lock(7411202);
  SELECT * INTO last FROM audit_link ORDER BY position DESC LIMIT 1;
  INSERT INTO audit_link (position, entry_id, hash) VALUES (
    coalesce(last.position, 0) + 1,
    NEW.entry_id,
    encode(sha256(convert_to(coalesce(last.hash, '') || E'\n' || audit_content(NEW), 'UTF8')), 'hex')
  );
  RETURN NULL;
END
$$;--> statement-breakpoint
CREATE CONSTRAINT TRIGGER audit_entry_link AFTER INSERT ON audit_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION link_audit_entry();--> statement-breakpoint
CREATE FUNCTION refuse_audit_change() RETURNS trigger
  LANGUAGE plpgsql
AS $$
BEGIN
  RAISE EXCEPTION 'The audit trail only grows: % of % is refused.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;--> statement-breakpoint
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();--> statement-breakpoint
CREATE TRIGGER audit_link_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_link
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();--> statement-breakpoint
-- Entries from before the chain take their places in the order in which they were numbered.
DO $$
DECLARE
  entry audit_entry%ROWTYPE;
  place bigint := 0;
  previous text := '';
BEGIN
  FOR entry IN SELECT * FROM audit_entry ORDER BY entry_id LOOP
    place := place + 1;
    previous := encode(sha256(convert_to(previous || E'\n' || audit_content(entry), 'UTF8')), 'hex');
    INSERT INTO audit_link (position, entry_id, hash) VALUES (place, entry.entry_id, previous);
  END LOOP;
END
$$;
