UPDATE "depot_emergency" e SET "ended_at" = "since", "ended_by" = 'system'
WHERE "ended_at" IS NULL AND EXISTS (
  SELECT FROM "depot_emergency" n WHERE n."depot_id" = e."depot_id" AND n."ended_at" IS NULL AND n."since" > e."since");--> statement-breakpoint
CREATE UNIQUE INDEX "depot_emergency_open" ON "depot_emergency" USING btree ("depot_id") WHERE ended_at is null;
