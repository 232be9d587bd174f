ALTER TABLE "tender" ADD COLUMN "demand_run_id" uuid;--> statement-breakpoint
ALTER TABLE "tender" ADD COLUMN "demand" jsonb;--> statement-breakpoint
CREATE INDEX "tender_demand_run" ON "tender" USING btree ("demand_run_id");