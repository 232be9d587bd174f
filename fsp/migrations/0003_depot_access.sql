CREATE TABLE "depot_account" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"username" text NOT NULL,
	"full_name" text NOT NULL,
	"password_hash" text NOT NULL,
	"role" text NOT NULL,
	"depot_ids" jsonb,
	"is_disabled" boolean NOT NULL,
	CONSTRAINT "depot_account_username_unique" UNIQUE("username")
);
--> statement-breakpoint
CREATE TABLE "depot_audit" (
	"entry_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "depot_audit_entry_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	"actor_id" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"detail" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "depot_key" (
	"key_id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"feed" text NOT NULL,
	"depot_ids" jsonb,
	"secret_digest" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "depot_key_secret_digest_unique" UNIQUE("secret_digest")
);
--> statement-breakpoint
CREATE TABLE "depot_session" (
	"token_digest" text PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"last_used_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "depot_session" ADD CONSTRAINT "depot_session_account_id_depot_account_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."depot_account"("account_id") ON DELETE cascade ON UPDATE no action;