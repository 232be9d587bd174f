ALTER TABLE "account" ALTER COLUMN "password_hash" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "external_subject" text;--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "fsp_id" uuid;--> statement-breakpoint
ALTER TABLE "oauth_client" ADD COLUMN "tokens_revoked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "signing_key" ADD COLUMN "active_from" timestamp with time zone;--> statement-breakpoint
UPDATE "signing_key" SET "active_from" = "created_at";--> statement-breakpoint
ALTER TABLE "signing_key" ALTER COLUMN "active_from" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "account" ADD CONSTRAINT "account_external_subject_unique" UNIQUE("external_subject");--> statement-breakpoint
ALTER TABLE "account" ADD CONSTRAINT "account_fsp_user_alone" CHECK (("account"."fsp_id" is not null) = ("account"."roles" = '["fsp-user"]'::jsonb));