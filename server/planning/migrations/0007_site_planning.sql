CREATE TABLE "plan_asset" (
	"asset_id" uuid PRIMARY KEY NOT NULL,
	"customer_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"content" jsonb NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"changed_by" text NOT NULL,
	CONSTRAINT "plan_asset_name" UNIQUE("customer_id","kind","name")
);
--> statement-breakpoint
CREATE TABLE "plan_meter_history" (
	"asset_id" uuid PRIMARY KEY NOT NULL,
	"customer_id" uuid NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"kwh" double precision[] NOT NULL,
	"uploaded_at" timestamp with time zone NOT NULL,
	"uploaded_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "plan_run" (
	"run_id" uuid PRIMARY KEY NOT NULL,
	"customer_id" uuid NOT NULL,
	"scenario_id" uuid NOT NULL,
	"name" text NOT NULL,
	"scenario" text NOT NULL,
	"state" text NOT NULL,
	"input" jsonb NOT NULL,
	"queued_at" timestamp with time zone NOT NULL,
	"queued_by" text NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"engine" text,
	"result" jsonb,
	"failure" text,
	"profile_id" uuid
);
--> statement-breakpoint
ALTER TABLE "plan_meter_history" ADD CONSTRAINT "plan_meter_history_asset_id_plan_asset_asset_id_fk" FOREIGN KEY ("asset_id") REFERENCES "public"."plan_asset"("asset_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "plan_run_customer" ON "plan_run" USING btree ("customer_id","queued_at");--> statement-breakpoint
CREATE INDEX "plan_run_state" ON "plan_run" USING btree ("state","queued_at");--> statement-breakpoint
ALTER TABLE "plan_asset" ADD CONSTRAINT "plan_asset_customer_id_fk" FOREIGN KEY ("customer_id") REFERENCES "customer"("customer_id");
--> statement-breakpoint
ALTER TABLE "plan_meter_history" ADD CONSTRAINT "plan_meter_history_customer_id_fk" FOREIGN KEY ("customer_id") REFERENCES "customer"("customer_id");
--> statement-breakpoint
ALTER TABLE "plan_run" ADD CONSTRAINT "plan_run_customer_id_fk" FOREIGN KEY ("customer_id") REFERENCES "customer"("customer_id");
--> statement-breakpoint
ALTER TABLE "plan_run" ADD CONSTRAINT "plan_run_profile_id_fk" FOREIGN KEY ("profile_id") REFERENCES "profile"("profile_id");
--> statement-breakpoint
-- A customer's plans are its own: the database hides those of others from its calls, as it does for FSPs.
CREATE FUNCTION current_customer() RETURNS uuid LANGUAGE sql STABLE
RETURN nullif(current_setting('ringmain.customer', true), '')::uuid;
--> statement-breakpoint
ALTER TABLE "plan_asset" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY customer ON "plan_asset" USING ((SELECT current_customer()) IS NULL OR customer_id = (SELECT current_customer()));
--> statement-breakpoint
ALTER TABLE "plan_meter_history" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY customer ON "plan_meter_history" USING ((SELECT current_customer()) IS NULL OR customer_id = (SELECT current_customer()));
--> statement-breakpoint
ALTER TABLE "plan_run" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY customer ON "plan_run" USING ((SELECT current_customer()) IS NULL OR customer_id = (SELECT current_customer()));
