-- Everybody logs in again: older sessions lack what is kept of each now.
DELETE FROM "portal_session";--> statement-breakpoint
CREATE TABLE "recovery_code" (
	"code_digest" text PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL
);
--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "active" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "is_password_initial" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "sealed_totp" text;--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "sealed_totp_pending" text;--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "second_factor_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "last_totp_step" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "portal_session" ADD COLUMN "session_id" uuid NOT NULL;--> statement-breakpoint
ALTER TABLE "portal_session" ADD COLUMN "created_at" timestamp with time zone NOT NULL;--> statement-breakpoint
ALTER TABLE "portal_session" ADD COLUMN "authenticated_at" timestamp with time zone NOT NULL;--> statement-breakpoint
ALTER TABLE "portal_session" ADD COLUMN "last_seen_at" timestamp with time zone NOT NULL;--> statement-breakpoint
ALTER TABLE "portal_session" ADD COLUMN "address" text;--> statement-breakpoint
ALTER TABLE "portal_session" ADD COLUMN "agent" text;--> statement-breakpoint
ALTER TABLE "recovery_code" ADD CONSTRAINT "recovery_code_account_id_account_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("account_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal_session" ADD CONSTRAINT "portal_session_session_id_unique" UNIQUE("session_id");