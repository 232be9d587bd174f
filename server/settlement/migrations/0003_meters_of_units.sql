CREATE TABLE "fu_meter" (
	"fu_id" uuid NOT NULL,
	"meter_id" text NOT NULL,
	"der_id" uuid,
	"from_day" date NOT NULL,
	"until_day" date,
	"stated_at" timestamp with time zone NOT NULL,
	"stated_by" text NOT NULL,
	CONSTRAINT "fu_meter_fu_id_meter_id_pk" PRIMARY KEY("fu_id","meter_id"),
	CONSTRAINT "fu_meter_span" CHECK (until_day is null or from_day <= until_day)
);
--> statement-breakpoint
ALTER TABLE "meter_day" ADD COLUMN "marks" json;--> statement-breakpoint
ALTER TABLE "meter_reading" DROP CONSTRAINT "meter_reading_pk";
--> statement-breakpoint
ALTER TABLE "meter_reading" ADD CONSTRAINT "meter_reading_pk" PRIMARY KEY("fu_id","period_start","minutes","source","meter_id","revision");