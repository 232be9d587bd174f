ALTER TABLE "fsp" ALTER COLUMN "sealed_control_secret" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "fsp" ADD COLUMN "control_authentication" text DEFAULT 'client_secret_basic' NOT NULL;--> statement-breakpoint
ALTER TABLE "fsp" ADD COLUMN "control_issuer" text;