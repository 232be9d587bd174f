ALTER TABLE "signing_key" ADD COLUMN "active_from" timestamp with time zone;--> statement-breakpoint
UPDATE "signing_key" SET "active_from" = "created_at";--> statement-breakpoint
ALTER TABLE "signing_key" ALTER COLUMN "active_from" SET NOT NULL;