ALTER TABLE "demand_run" ADD COLUMN "alive_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "demand_run" ADD COLUMN "progress" double precision;--> statement-breakpoint
ALTER TABLE "demand_run" ADD COLUMN "attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "plan_run" ADD COLUMN "alive_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "plan_run" ADD COLUMN "progress" double precision;--> statement-breakpoint
ALTER TABLE "plan_run" ADD COLUMN "attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
-- Runs from before: one that was worked on is found when its server is gone, one that ended is complete.
UPDATE "demand_run" SET "alive_at" = "started_at", "attempts" = 1 WHERE "state" = 'running';--> statement-breakpoint
UPDATE "demand_run" SET "progress" = 1 WHERE "state" = 'done';--> statement-breakpoint
UPDATE "plan_run" SET "progress" = 1 WHERE "state" = 'finished';
