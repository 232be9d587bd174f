ALTER TABLE "fsp_notice" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "fsp_notice" USING ((SELECT current_tenant()) IS NULL OR fsp_id = (SELECT current_tenant()));
--> statement-breakpoint
ALTER TABLE "fsp_notice_target" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "fsp_notice_target" USING ((SELECT current_tenant()) IS NULL OR fsp_id = (SELECT current_tenant()));
