CREATE TABLE "product" (
	"product" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "product_version" (
	"product" text NOT NULL,
	"version" integer NOT NULL,
	"settings" jsonb NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"changed_by" text NOT NULL,
	CONSTRAINT "product_version_product_version_pk" PRIMARY KEY("product","version")
);
--> statement-breakpoint
-- The products of the trial, which tenders and contracts refer to. B and C pay the price that was accepted, at most the contract's.
INSERT INTO "product" ("product", "kind") VALUES ('A', 'forward-option'), ('B', 'day-ahead'), ('C', 'intraday');
--> statement-breakpoint
INSERT INTO "product_version" ("product", "version", "settings", "changed_at", "changed_by")
SELECT given.product, 1, jsonb_build_object(
	'name', given.name, 'paysAvailability', true, 'paysUtilisation', true, 'priceRule', given.price_rule,
	'paymentScheme', '{"name": "grace-and-multiplier", "graceRatio": 0.95, "slope": 3, "floorRatio": 0.63}'::jsonb,
	'baselineMethods', '["recent-history", "nominated", "mid-8-in-10", "bl01", "fixed-reference", "zero"]'::jsonb,
	'noticeMinutes', 0
), '2020-01-01T00:00:00Z', 'system'
FROM (VALUES ('A', 'Firm forward option', 'contract'), ('B', 'Day-ahead spot', 'pay-as-bid'), ('C', 'Intraday balancing', 'pay-as-bid'))
	AS given (product, name, price_rule);
--> statement-breakpoint
ALTER TABLE "product_version" ADD CONSTRAINT "product_version_product_product_product_fk" FOREIGN KEY ("product") REFERENCES "public"."product"("product") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contract" ADD CONSTRAINT "contract_product_product_product_fk" FOREIGN KEY ("product") REFERENCES "public"."product"("product") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tender" ADD CONSTRAINT "tender_product_product_product_fk" FOREIGN KEY ("product") REFERENCES "public"."product"("product") ON DELETE no action ON UPDATE no action;