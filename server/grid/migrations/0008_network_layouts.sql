CREATE TABLE "network_layout" (
	"name" text PRIMARY KEY NOT NULL,
	"layout" jsonb NOT NULL,
	"saved_at" timestamp with time zone NOT NULL,
	"saved_by" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "network_import" ADD COLUMN "changes" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "network_import" ADD COLUMN "change_count" integer DEFAULT 0 NOT NULL;