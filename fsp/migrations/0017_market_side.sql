CREATE TABLE "submitted_day" (
	"fu_id" uuid NOT NULL,
	"day" text NOT NULL,
	"kind" text NOT NULL,
	"direction" text NOT NULL,
	"revision" integer NOT NULL,
	"values" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"reason" text NOT NULL,
	"refusal" text,
	CONSTRAINT "submitted_day_fu_id_day_kind_direction_pk" PRIMARY KEY("fu_id","day","kind","direction")
);
--> statement-breakpoint
ALTER TABLE "answered_tender" ADD COLUMN "tender" jsonb;--> statement-breakpoint
ALTER TABLE "answered_tender" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "answered_tender" ADD COLUMN "units" jsonb DEFAULT '[]'::jsonb NOT NULL;