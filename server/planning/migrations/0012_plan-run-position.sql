DROP INDEX "plan_run_customer";--> statement-breakpoint
DROP INDEX "plan_run_state";--> statement-breakpoint
ALTER TABLE "plan_run" ADD COLUMN "position" bigint;--> statement-breakpoint
-- By hand: runs that exist keep the order in which they were asked for.
UPDATE "plan_run" SET "position" = "ordered"."n" FROM (SELECT "run_id", row_number() OVER (ORDER BY "queued_at", "run_id") AS "n" FROM "plan_run") AS "ordered" WHERE "ordered"."run_id" = "plan_run"."run_id";--> statement-breakpoint
ALTER TABLE "plan_run" ALTER COLUMN "position" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "plan_run" ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (sequence name "plan_run_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1);--> statement-breakpoint
SELECT setval('plan_run_position_seq', (SELECT coalesce(max("position"), 0) + 1 FROM "plan_run"), false);--> statement-breakpoint
CREATE INDEX "plan_run_customer" ON "plan_run" USING btree ("customer_id","position");--> statement-breakpoint
CREATE INDEX "plan_run_state" ON "plan_run" USING btree ("state","position");
