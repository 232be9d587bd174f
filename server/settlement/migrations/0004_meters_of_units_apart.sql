-- The meters of an FU belong to it by its own policy.
ALTER TABLE "fu_meter" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "fu_meter" USING (
  (SELECT current_tenant()) IS NULL OR EXISTS (SELECT FROM "flexible_unit" own WHERE own.fu_id = "fu_meter".fu_id)
);
--> statement-breakpoint
-- Meters of readings from before membership was kept: each from its first day. The one that sent last goes on, the others ended with their last day.
INSERT INTO "fu_meter" (fu_id, meter_id, from_day, until_day, stated_at, stated_by)
SELECT fu_id, meter_id, from_day,
  CASE WHEN last_at < max(last_at) OVER (PARTITION BY fu_id) THEN (last_at AT TIME ZONE 'Europe/London')::date + 1 END, now(), 'migration'
FROM (
  SELECT fu_id, meter_id, (min(period_start) AT TIME ZONE 'Europe/London')::date AS from_day, max(period_start) AS last_at
  FROM "meter_reading" WHERE source = 'upload' GROUP BY fu_id, meter_id
) meters;
--> statement-breakpoint
-- Days that now have a sum of meters or a mark are made anew.
INSERT INTO "meter_day_due" (fu_id)
SELECT fu_id FROM "meter_reading" GROUP BY fu_id
HAVING count(DISTINCT meter_id) > 1 OR bool_or(minutes = 30) OR bool_or(quality = 'estimated')
ON CONFLICT DO NOTHING;
