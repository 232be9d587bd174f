CREATE TABLE "data_delivery" (
	"delivery_id" uuid PRIMARY KEY NOT NULL,
	"feed_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"name" text NOT NULL,
	"sha256" text,
	"bytes" integer NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"delivered_by" text NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"rows" integer DEFAULT 0 NOT NULL,
	"taken" integer DEFAULT 0 NOT NULL,
	"rejected" integer DEFAULT 0 NOT NULL,
	"rejections" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"edition_id" uuid,
	"summary" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"anomaly_count" integer DEFAULT 0 NOT NULL,
	"new_vehicle_count" integer DEFAULT 0 NOT NULL,
	"replays" integer DEFAULT 0 NOT NULL,
	"last_read_at" timestamp with time zone,
	"content_removed_at" timestamp with time zone,
	CONSTRAINT "data_delivery_once" UNIQUE("feed_id","sha256")
);
--> statement-breakpoint
CREATE TABLE "data_delivery_part" (
	"delivery_id" uuid NOT NULL,
	"part" integer NOT NULL,
	"packed" "bytea" NOT NULL,
	CONSTRAINT "data_delivery_part_delivery_id_part_pk" PRIMARY KEY("delivery_id","part")
);
--> statement-breakpoint
CREATE TABLE "data_feed" (
	"feed_id" text PRIMARY KEY NOT NULL,
	"provider_id" text NOT NULL,
	"customer_id" uuid,
	"agreed" jsonb NOT NULL,
	"agreed_at" timestamp with time zone NOT NULL,
	"agreed_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "site_opening" (
	"asset_id" uuid PRIMARY KEY NOT NULL,
	"customer_id" uuid NOT NULL,
	"feed_id" text NOT NULL,
	"site_reference" text NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"opened_by" text NOT NULL,
	"last_taken_at" timestamp with time zone,
	CONSTRAINT "site_opening_reference" UNIQUE("feed_id","site_reference")
);
--> statement-breakpoint
ALTER TABLE "data_delivery" ADD CONSTRAINT "data_delivery_feed_id_data_feed_feed_id_fk" FOREIGN KEY ("feed_id") REFERENCES "public"."data_feed"("feed_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "data_delivery_part" ADD CONSTRAINT "data_delivery_part_delivery_id_data_delivery_delivery_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."data_delivery"("delivery_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "site_opening" ADD CONSTRAINT "site_opening_asset_id_plan_asset_asset_id_fk" FOREIGN KEY ("asset_id") REFERENCES "public"."plan_asset"("asset_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "site_opening" ADD CONSTRAINT "site_opening_feed_id_data_feed_feed_id_fk" FOREIGN KEY ("feed_id") REFERENCES "public"."data_feed"("feed_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "data_delivery_newest" ON "data_delivery" USING btree ("feed_id","received_at");--> statement-breakpoint
ALTER TABLE "data_feed" ADD CONSTRAINT "data_feed_provider_id_fk" FOREIGN KEY ("provider_id") REFERENCES "data_provider"("provider_id");
--> statement-breakpoint
ALTER TABLE "data_feed" ADD CONSTRAINT "data_feed_customer_id_fk" FOREIGN KEY ("customer_id") REFERENCES "customer"("customer_id");
--> statement-breakpoint
ALTER TABLE "data_feed" ADD CONSTRAINT "data_feed_feed_id_fk" FOREIGN KEY ("feed_id") REFERENCES "feed"("feed_id");
--> statement-breakpoint
ALTER TABLE "data_delivery" ADD CONSTRAINT "data_delivery_provider_id_fk" FOREIGN KEY ("provider_id") REFERENCES "data_provider"("provider_id");
--> statement-breakpoint
ALTER TABLE "data_delivery" ADD CONSTRAINT "data_delivery_edition_id_fk" FOREIGN KEY ("edition_id") REFERENCES "demand_edition"("edition_id");
--> statement-breakpoint
ALTER TABLE "site_opening" ADD CONSTRAINT "site_opening_customer_id_fk" FOREIGN KEY ("customer_id") REFERENCES "customer"("customer_id");
--> statement-breakpoint
-- Packed already: PostgreSQL need not try again.
ALTER TABLE "data_delivery_part" ALTER COLUMN "packed" SET STORAGE EXTERNAL;
--> statement-breakpoint
-- A data provider sees its own feeds and deliveries, as FSPs and customers see theirs.
CREATE FUNCTION current_provider() RETURNS text LANGUAGE sql STABLE
RETURN nullif(current_setting('ringmain.provider', true), '');
--> statement-breakpoint
ALTER TABLE "data_feed" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
-- Policies add up, so that each has to state both conditions.
CREATE POLICY provider ON "data_feed" USING (
	((SELECT current_provider()) IS NULL OR provider_id = (SELECT current_provider()))
	AND ((SELECT current_customer()) IS NULL OR customer_id = (SELECT current_customer()))
);
--> statement-breakpoint
CREATE POLICY customer ON "data_feed" USING (
	((SELECT current_provider()) IS NULL OR provider_id = (SELECT current_provider()))
	AND ((SELECT current_customer()) IS NULL OR customer_id = (SELECT current_customer()))
);
--> statement-breakpoint
ALTER TABLE "data_delivery" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY provider ON "data_delivery" USING ((SELECT current_provider()) IS NULL OR provider_id = (SELECT current_provider()));
--> statement-breakpoint
ALTER TABLE "site_opening" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY customer ON "site_opening" USING ((SELECT current_customer()) IS NULL OR customer_id = (SELECT current_customer()));
