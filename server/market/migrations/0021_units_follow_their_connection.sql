-- An FU on one connection is behind the node of that connection, also after a planner or a file has moved the connection to another one.
CREATE FUNCTION "units_follow_connection"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	UPDATE "flexible_unit" SET "node_id" = NEW."node_id" WHERE "connection_id" = NEW."connection_id";
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "connection_units_follow" AFTER UPDATE OF "node_id" ON "connection"
	FOR EACH ROW WHEN (OLD."node_id" IS DISTINCT FROM NEW."node_id") EXECUTE FUNCTION "units_follow_connection"();
--> statement-breakpoint
UPDATE "flexible_unit" u SET "node_id" = c."node_id"
FROM "connection" c WHERE c."connection_id" = u."connection_id" AND c."node_id" <> u."node_id";
