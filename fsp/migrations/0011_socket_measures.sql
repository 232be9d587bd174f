CREATE TABLE "brand_rule" (
	"brand" text PRIMARY KEY NOT NULL,
	"same_token_again" text NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "delivery_report" (
	"report_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "delivery_report_report_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"instruction_id" uuid NOT NULL,
	"depot_id" text NOT NULL,
	"status" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"detail" text,
	"sent_at" timestamp with time zone,
	"refusal" text
);
--> statement-breakpoint
ALTER TABLE "charging_transaction" ADD COLUMN "authorised_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "status_change" ADD COLUMN "info" text;--> statement-breakpoint
ALTER TABLE "token_shown" ADD COLUMN "is_accepted" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "unit_command" ADD COLUMN "asked_by" text;--> statement-breakpoint
ALTER TABLE "service_status" ADD COLUMN "declared_by" text DEFAULT 'person' NOT NULL;--> statement-breakpoint
CREATE INDEX "delivery_report_depot" ON "delivery_report" USING btree ("depot_id","report_id");--> statement-breakpoint
CREATE INDEX "delivery_report_instruction" ON "delivery_report" USING btree ("instruction_id");--> statement-breakpoint
CREATE INDEX "delivery_report_owed" ON "delivery_report" USING btree ("report_id") WHERE sent_at is null;--> statement-breakpoint
UPDATE "register_version" SET "data" = "data" || '{"controller": null, "quirks": null}'::jsonb
WHERE "register" = 'chargePoints' AND NOT "data" ? 'controller';
