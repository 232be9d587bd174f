ALTER TABLE "service_to_others" ADD CONSTRAINT "service_to_others_fu_id_fk" FOREIGN KEY ("fu_id") REFERENCES "flexible_unit"("fu_id");
--> statement-breakpoint
ALTER TABLE "service_to_others" ADD CONSTRAINT "service_to_others_fsp_id_fk" FOREIGN KEY ("fsp_id") REFERENCES "fsp"("fsp_id");
--> statement-breakpoint
ALTER TABLE "service_to_others" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "service_to_others" USING ((SELECT current_tenant()) IS NULL OR fsp_id = (SELECT current_tenant()));
