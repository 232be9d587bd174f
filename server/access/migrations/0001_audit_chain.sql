CREATE TABLE "audit_link" (
	"position" bigint PRIMARY KEY NOT NULL,
	"entry_id" bigint NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "audit_link_entry_id_unique" UNIQUE("entry_id")
);
--> statement-breakpoint
ALTER TABLE "audit_entry" ADD COLUMN "actor_kind" text;--> statement-breakpoint
ALTER TABLE "audit_entry" ADD COLUMN "actor_id" text;--> statement-breakpoint
ALTER TABLE "audit_entry" ADD COLUMN "fsp_id" uuid;--> statement-breakpoint
-- Older entries kept a name only: it is looked up, and a name that nobody has any more stands for itself.
UPDATE "audit_entry" e SET
	"actor_kind" = coalesce(
		(SELECT CASE WHEN a."fsp_id" IS NULL THEN 'person' ELSE 'fsp' END FROM "account" a WHERE a."username" = e."actor"),
		(SELECT c."kind" FROM "oauth_client" c WHERE c."client_id" = e."actor"),
		'system'
	),
	"actor_id" = coalesce((SELECT a."account_id"::text FROM "account" a WHERE a."username" = e."actor"), e."actor"),
	"fsp_id" = coalesce(
		(SELECT a."fsp_id" FROM "account" a WHERE a."username" = e."actor"),
		(SELECT c."subject_id"::uuid FROM "oauth_client" c WHERE c."client_id" = e."actor" AND c."kind" = 'fsp')
	);--> statement-breakpoint
ALTER TABLE "audit_entry" ALTER COLUMN "actor_kind" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "audit_entry" ALTER COLUMN "actor_id" SET NOT NULL;--> statement-breakpoint
CREATE INDEX "audit_entry_actor" ON "audit_entry" USING btree ("actor_id");--> statement-breakpoint
CREATE INDEX "audit_entry_at" ON "audit_entry" USING btree ("at");