-- Rows of an FSP, beside the checks in code: a call by an FSP reads and writes its own only. The sub-select is evaluated once for a statement.
ALTER TABLE "fsp" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "fsp" USING ((SELECT current_tenant()) IS NULL OR fsp_id = (SELECT current_tenant()));
--> statement-breakpoint
ALTER TABLE "der" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "der" USING ((SELECT current_tenant()) IS NULL OR fsp_id = (SELECT current_tenant()));
--> statement-breakpoint
ALTER TABLE "flexible_unit" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "flexible_unit" USING ((SELECT current_tenant()) IS NULL OR fsp_id = (SELECT current_tenant()));
--> statement-breakpoint
ALTER TABLE "tender_response" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "tender_response" USING ((SELECT current_tenant()) IS NULL OR fsp_id = (SELECT current_tenant()));
--> statement-breakpoint
ALTER TABLE "contract" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "contract" USING ((SELECT current_tenant()) IS NULL OR fsp_id = (SELECT current_tenant()));
--> statement-breakpoint
-- Their children, by way of what they belong to, whose own policy holds within the sub-select.
ALTER TABLE "flexible_unit_der" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "flexible_unit_der" USING (
  (SELECT current_tenant()) IS NULL OR EXISTS (SELECT FROM "flexible_unit" own WHERE own.fu_id = "flexible_unit_der".fu_id)
);
--> statement-breakpoint
ALTER TABLE "service_status" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "service_status" USING (
  (SELECT current_tenant()) IS NULL OR EXISTS (SELECT FROM "flexible_unit" own WHERE own.fu_id = "service_status".fu_id)
);
--> statement-breakpoint
ALTER TABLE "submitted_schedule" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "submitted_schedule" USING (
  (SELECT current_tenant()) IS NULL OR EXISTS (SELECT FROM "flexible_unit" own WHERE own.fu_id = "submitted_schedule".fu_id)
);
--> statement-breakpoint
ALTER TABLE "tender_offer" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "tender_offer" USING (
  (SELECT current_tenant()) IS NULL OR EXISTS (SELECT FROM "tender_response" own WHERE own.response_id = "tender_offer".response_id)
);
