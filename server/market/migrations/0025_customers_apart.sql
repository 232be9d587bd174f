-- What a customer's sites are, whom it lets read them and what it was told of is its own: the database hides the rows of others from its calls.
ALTER TABLE "customer_site" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY customer ON "customer_site" USING ((SELECT current_customer()) IS NULL OR customer_id = (SELECT current_customer()));
--> statement-breakpoint
-- Restrictive: beside the policy for FSPs, which lets everybody through who is none, it must hold as well.
CREATE POLICY customer ON "site_consent" AS RESTRICTIVE USING ((SELECT current_customer()) IS NULL OR customer_id = (SELECT current_customer()));
--> statement-breakpoint
ALTER TABLE "told_version" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY customer ON "told_version" USING ((SELECT current_customer()) IS NULL OR customer_id = (SELECT current_customer()));
