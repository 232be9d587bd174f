CREATE TABLE "meter_day_due" (
	"fu_id" uuid PRIMARY KEY NOT NULL
);
--> statement-breakpoint
ALTER TABLE "meter_reading" ADD COLUMN "source" text DEFAULT 'upload' NOT NULL;--> statement-breakpoint
ALTER TABLE "meter_reading" DROP CONSTRAINT "meter_reading_fu_id_period_start_minutes_revision_pk";--> statement-breakpoint
ALTER TABLE "meter_reading" ADD CONSTRAINT "meter_reading_pk" PRIMARY KEY("fu_id","period_start","minutes","source","revision");--> statement-breakpoint
ALTER TABLE "meter_day" ADD COLUMN "sources" json;--> statement-breakpoint
CREATE INDEX "meter_reading_hub" ON "meter_reading" USING btree ("fu_id","received_at") WHERE source = 'hub';--> statement-breakpoint
-- Readings of before meter_day have no days yet: a job makes them.
INSERT INTO "meter_day_due" SELECT "fu_id" FROM "meter_reading" GROUP BY "fu_id";
