-- Rows of `customer` belong to the access wing, those of `connection` and `profile` to the grid wing.
ALTER TABLE "customer_site" ADD CONSTRAINT "customer_site_customer_id_fk" FOREIGN KEY ("customer_id") REFERENCES "customer"("customer_id");
--> statement-breakpoint
ALTER TABLE "customer_site" ADD CONSTRAINT "customer_site_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "connection"("connection_id");
--> statement-breakpoint
ALTER TABLE "site_consent" ADD CONSTRAINT "site_consent_customer_id_fk" FOREIGN KEY ("customer_id") REFERENCES "customer"("customer_id");
--> statement-breakpoint
ALTER TABLE "site_consent" ADD CONSTRAINT "site_consent_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "connection"("connection_id");
--> statement-breakpoint
ALTER TABLE "told_version" ADD CONSTRAINT "told_version_customer_id_fk" FOREIGN KEY ("customer_id") REFERENCES "customer"("customer_id");
--> statement-breakpoint
ALTER TABLE "told_version" ADD CONSTRAINT "told_version_profile_id_fk" FOREIGN KEY ("profile_id") REFERENCES "profile"("profile_id");
--> statement-breakpoint
ALTER TABLE "site_consent" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "site_consent" USING ((SELECT current_tenant()) IS NULL OR fsp_id = (SELECT current_tenant()));
