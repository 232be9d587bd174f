-- The key contains what the table can be distributed by.
ALTER TABLE "live_reading" DROP CONSTRAINT "live_reading_pkey";--> statement-breakpoint
ALTER TABLE "live_reading" ADD CONSTRAINT "live_reading_fu_id_reading_id_pk" PRIMARY KEY("fu_id","reading_id");
