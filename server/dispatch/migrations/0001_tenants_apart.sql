-- Rows of an FSP, beside the checks in code: a call by an FSP reads and writes its own only. The sub-select is evaluated once for a statement.
ALTER TABLE "instruction" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "instruction" USING ((SELECT current_tenant()) IS NULL OR fsp_id = (SELECT current_tenant()));
--> statement-breakpoint
ALTER TABLE "connection_limit" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "connection_limit" USING ((SELECT current_tenant()) IS NULL OR fsp_id = (SELECT current_tenant()));
--> statement-breakpoint
-- Their children, by way of what they belong to, whose own policy holds within the sub-select.
ALTER TABLE "instruction_attempt" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "instruction_attempt" USING (
  (SELECT current_tenant()) IS NULL OR EXISTS (SELECT FROM "instruction" own WHERE own.instruction_id = "instruction_attempt".instruction_id)
);
--> statement-breakpoint
ALTER TABLE "instruction_report" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "instruction_report" USING (
  (SELECT current_tenant()) IS NULL OR EXISTS (SELECT FROM "instruction" own WHERE own.instruction_id = "instruction_report".instruction_id)
);
--> statement-breakpoint
ALTER TABLE "limit_attempt" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "limit_attempt" USING (
  (SELECT current_tenant()) IS NULL OR EXISTS (SELECT FROM "connection_limit" own WHERE own.limit_id = "limit_attempt".limit_id)
);
