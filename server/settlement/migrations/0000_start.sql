CREATE TABLE "meter_reading" (
	"fu_id" uuid NOT NULL,
	"period_start" timestamp with time zone NOT NULL,
	"minutes" integer NOT NULL,
	"revision" integer NOT NULL,
	"energy_wh" double precision,
	"quality" text NOT NULL,
	"meter_id" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "meter_reading_fu_id_period_start_minutes_revision_pk" PRIMARY KEY("fu_id","period_start","minutes","revision"),
	CONSTRAINT "meter_reading_minutes" CHECK ("meter_reading"."minutes" in (1, 2, 15, 30))
);
--> statement-breakpoint
CREATE TABLE "statement" (
	"statement_id" uuid PRIMARY KEY NOT NULL,
	"number" text NOT NULL,
	"fsp_id" uuid NOT NULL,
	"product" text NOT NULL,
	"month" text NOT NULL,
	"state" text NOT NULL,
	"baseline_method" text NOT NULL,
	"scheme" jsonb NOT NULL,
	"prepared_at" timestamp with time zone NOT NULL,
	"prepared_by" text NOT NULL,
	"total_gbp" numeric(14, 2) NOT NULL,
	CONSTRAINT "statement_number_unique" UNIQUE("number"),
	CONSTRAINT "statement_once" UNIQUE("fsp_id","product","month")
);
--> statement-breakpoint
CREATE TABLE "statement_line" (
	"line_id" uuid PRIMARY KEY NOT NULL,
	"statement_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"fu_id" uuid NOT NULL,
	"fu_name" text NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone NOT NULL,
	"contracted_w" double precision NOT NULL,
	"instructed_w" double precision,
	"baseline_wh" double precision,
	"metered_wh" double precision,
	"in_service" boolean NOT NULL,
	"delivered_wh" double precision NOT NULL,
	"delivery_ratio" double precision,
	"performance_factor" double precision NOT NULL,
	"availability_gbp_per_mw_h" text NOT NULL,
	"utilisation_gbp_per_mwh" text NOT NULL,
	"availability_gbp" text NOT NULL,
	"utilisation_gbp" text NOT NULL,
	"amount_gbp" numeric(12, 2) NOT NULL,
	"baseline_days" jsonb NOT NULL,
	"meter_revision" integer,
	"flags" jsonb NOT NULL,
	CONSTRAINT "statement_line_number" UNIQUE("statement_id","number")
);
--> statement-breakpoint
ALTER TABLE "statement_line" ADD CONSTRAINT "statement_line_statement_id_statement_statement_id_fk" FOREIGN KEY ("statement_id") REFERENCES "public"."statement"("statement_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "meter_reading_received" ON "meter_reading" USING btree ("received_at");