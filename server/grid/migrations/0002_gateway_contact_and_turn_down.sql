CREATE TABLE "gateway_contact" (
	"gateway_id" text PRIMARY KEY NOT NULL,
	"last_contact_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "implied_limit" ADD COLUMN "turn_down_w" double precision;