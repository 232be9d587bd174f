-- Rows of an FSP, beside the checks in code: a call by an FSP reads and writes its own only. The sub-select is evaluated once for a statement.
ALTER TABLE "held_upload" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "held_upload" USING ((SELECT current_tenant()) IS NULL OR fsp_id = (SELECT current_tenant()));
--> statement-breakpoint
ALTER TABLE "statement" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "statement" USING ((SELECT current_tenant()) IS NULL OR fsp_id = (SELECT current_tenant()));
--> statement-breakpoint
-- Their children, by way of what they belong to, whose own policy holds within the sub-select.
-- Not the lines of a statement: they are written by COPY, which row-level security excludes, and read by way of their statement.
ALTER TABLE "meter_reading" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "meter_reading" USING (
  (SELECT current_tenant()) IS NULL OR EXISTS (SELECT FROM "flexible_unit" own WHERE own.fu_id = "meter_reading".fu_id)
);
--> statement-breakpoint
ALTER TABLE "meter_day" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "meter_day" USING (
  (SELECT current_tenant()) IS NULL OR EXISTS (SELECT FROM "flexible_unit" own WHERE own.fu_id = "meter_day".fu_id)
);
--> statement-breakpoint
ALTER TABLE "dispute" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "dispute" USING (
  (SELECT current_tenant()) IS NULL OR EXISTS (SELECT FROM "statement" own WHERE own.statement_id = "dispute".statement_id)
);
--> statement-breakpoint
ALTER TABLE "contract_terms" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "contract_terms" USING (
  (SELECT current_tenant()) IS NULL OR EXISTS (SELECT FROM "contract" own WHERE own.contract_id = "contract_terms".contract_id)
);
