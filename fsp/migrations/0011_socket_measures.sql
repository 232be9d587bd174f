CREATE TABLE "brand_rule" (
	"brand" text PRIMARY KEY NOT NULL,
	"same_token_again" text NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "charging_transaction" ADD COLUMN "authorised_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "status_change" ADD COLUMN "info" text;--> statement-breakpoint
ALTER TABLE "token_shown" ADD COLUMN "is_accepted" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "unit_command" ADD COLUMN "asked_by" text;--> statement-breakpoint
UPDATE "register_version" SET "data" = "data" || '{"controller": null, "quirks": null}'::jsonb
WHERE "register" = 'chargePoints' AND NOT "data" ? 'controller';
