-- The live readings of an FU belong to it by its own policy.
ALTER TABLE "live_reading" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "live_reading" USING (
  (SELECT current_tenant()) IS NULL OR EXISTS (SELECT FROM "flexible_unit" own WHERE own.fu_id = "live_reading".fu_id)
);
