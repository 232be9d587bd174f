-- The market has the timetables, and has copied them.
DROP TABLE "dispatch_timetable" CASCADE;--> statement-breakpoint
ALTER TABLE "dispatch_cycle" ADD COLUMN "reach" text DEFAULT 'product' NOT NULL;--> statement-breakpoint
ALTER TABLE "dispatch_cycle" DROP CONSTRAINT "dispatch_cycle_product_starts_at_pk";--> statement-breakpoint
ALTER TABLE "dispatch_cycle" ADD CONSTRAINT "dispatch_cycle_product_reach_starts_at_pk" PRIMARY KEY("product","reach","starts_at");
