CREATE TABLE "client_credential" (
	"credential_id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"client_id" text NOT NULL,
	"secret_digest" text,
	"jwk" jsonb,
	"kid" text,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "client_credential_kid" UNIQUE("client_id","kid"),
	CONSTRAINT "client_credential_kind" CHECK (("client_credential"."secret_digest" is null) = ("client_credential"."jwk" is not null))
);
--> statement-breakpoint
ALTER TABLE "oauth_client" ADD COLUMN "requires_dpop" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "oauth_client" ADD COLUMN "secrets_allowed" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "oauth_client" ADD COLUMN "last_used_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "client_credential" ADD CONSTRAINT "client_credential_client_id_oauth_client_client_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."oauth_client"("client_id") ON DELETE cascade ON UPDATE no action;