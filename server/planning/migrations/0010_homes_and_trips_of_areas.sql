ALTER TABLE "demand_run_area" ADD COLUMN "homes" integer;--> statement-breakpoint
ALTER TABLE "demand_run_area" ADD COLUMN "trips" integer;