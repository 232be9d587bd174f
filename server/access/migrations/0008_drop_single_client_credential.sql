ALTER TABLE "oauth_client" DROP COLUMN "secret_digest";--> statement-breakpoint
ALTER TABLE "oauth_client" DROP COLUMN "jwks";