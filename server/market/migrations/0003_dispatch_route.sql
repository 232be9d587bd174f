ALTER TABLE "fsp" ADD COLUMN "dispatch_route" text DEFAULT 'http' NOT NULL;--> statement-breakpoint
ALTER TABLE "fsp" ADD COLUMN "dispatch_email" text;