-- Servers work as a role that owns no table. What has to be owned is done by these two functions, for partitions of our tables and nothing else.
CREATE FUNCTION make_partition(parent regclass, name text, starts timestamptz, ends timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_partitioned_table WHERE partrelid = parent) OR name !~ ('^' || parent::text || '_[0-9]{6,8}$') THEN
    RAISE EXCEPTION '% is no name of a partition of %', name, parent;
  END IF;
  EXECUTE format('create table %I (like %s including all)', name, parent);
  EXECUTE format('alter table %s attach partition %I for values from (%L) to (%L)', parent, name, starts, ends);
END $$;
--> statement-breakpoint
CREATE FUNCTION drop_partition(parent regclass, name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
    WHERE inhparent = parent AND c.relname = name AND c.relnamespace = 'public'::regnamespace AND c.relispartition
  ) THEN
    RAISE EXCEPTION '% is no partition of %', name, parent;
  END IF;
  EXECUTE format('drop table %I', name);
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION make_partition(regclass, text, timestamptz, timestamptz), drop_partition(regclass, text) FROM public;
--> statement-breakpoint
-- The FSP whose call the present transaction carries out; null for people of the DNO and for the system itself, who see every FSP's rows.
CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('ringmain.tenant', true), '')::uuid;
