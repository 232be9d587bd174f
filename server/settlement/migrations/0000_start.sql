CREATE TABLE "held_upload" (
	"hold_id" uuid PRIMARY KEY NOT NULL,
	"fsp_id" uuid NOT NULL,
	"fu_id" uuid NOT NULL,
	"upload" jsonb NOT NULL,
	"reasons" jsonb NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"received_from" text NOT NULL,
	"state" text NOT NULL,
	"decided_at" timestamp with time zone,
	"decided_by" text,
	"decision_reason" text
);
--> statement-breakpoint
CREATE TABLE "meter_day" (
	"fu_id" uuid NOT NULL,
	"trading_day" date NOT NULL,
	"energy_wh" json NOT NULL,
	"revisions" json NOT NULL,
	"sources" json,
	CONSTRAINT "meter_day_fu_id_trading_day_pk" PRIMARY KEY("fu_id","trading_day")
);
--> statement-breakpoint
CREATE TABLE "meter_day_due" (
	"fu_id" uuid PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE "meter_reading" (
	"fu_id" uuid NOT NULL,
	"period_start" timestamp with time zone NOT NULL,
	"minutes" integer NOT NULL,
	"source" text DEFAULT 'upload' NOT NULL,
	"revision" integer NOT NULL,
	"energy_wh" double precision,
	"quality" text NOT NULL,
	"meter_id" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "meter_reading_pk" PRIMARY KEY("fu_id","period_start","minutes","source","revision"),
	CONSTRAINT "meter_reading_minutes" CHECK ("meter_reading"."minutes" in (1, 2, 15, 30))
);
--> statement-breakpoint
CREATE TABLE "contract_terms" (
	"contract_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"terms" jsonb NOT NULL,
	"set_at" timestamp with time zone NOT NULL,
	"set_by" text NOT NULL,
	CONSTRAINT "contract_terms_contract_id_version_pk" PRIMARY KEY("contract_id","version")
);
--> statement-breakpoint
CREATE TABLE "dispute" (
	"dispute_id" uuid PRIMARY KEY NOT NULL,
	"statement_id" uuid NOT NULL,
	"line_number" integer,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"raised_at" timestamp with time zone NOT NULL,
	"raised_by" text NOT NULL,
	"outcome" text,
	"decided_at" timestamp with time zone,
	"decided_by" text
);
--> statement-breakpoint
CREATE TABLE "statement" (
	"statement_id" uuid PRIMARY KEY NOT NULL,
	"number" text NOT NULL,
	"fsp_id" uuid NOT NULL,
	"product" text NOT NULL,
	"month" text NOT NULL,
	"delta" integer DEFAULT 0 NOT NULL,
	"state" text NOT NULL,
	"baseline_method" text NOT NULL,
	"scheme" jsonb,
	"line_count" integer DEFAULT 0 NOT NULL,
	"delivered_wh" double precision DEFAULT 0 NOT NULL,
	"prepared_at" timestamp with time zone NOT NULL,
	"prepared_by" text NOT NULL,
	"checked_by" text,
	"approved_by" text,
	"issued_at" timestamp with time zone,
	"total_gbp" numeric(14, 2) NOT NULL,
	CONSTRAINT "statement_number_unique" UNIQUE("number"),
	CONSTRAINT "statement_once" UNIQUE("fsp_id","product","month","delta")
);
--> statement-breakpoint
CREATE TABLE "statement_line" (
	"line_id" uuid NOT NULL,
	"statement_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"contract_id" uuid NOT NULL,
	"fu_id" uuid NOT NULL,
	"fu_name" text NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone NOT NULL,
	"contracted_w" double precision NOT NULL,
	"instructed_w" double precision,
	"baseline_wh" double precision,
	"metered_wh" double precision,
	"limit_wh" double precision,
	"in_service" boolean NOT NULL,
	"delivered_wh" double precision NOT NULL,
	"delivery_ratio" double precision,
	"performance_factor" double precision NOT NULL,
	"accuracy_factor" double precision NOT NULL,
	"availability_gbp_per_mw_h" text NOT NULL,
	"utilisation_gbp_per_mwh" text NOT NULL,
	"availability_gbp" text NOT NULL,
	"utilisation_gbp" text NOT NULL,
	"settled_gbp" numeric(12, 2) NOT NULL,
	"previous_gbp" numeric(12, 2),
	"amount_gbp" numeric(12, 2) NOT NULL,
	"terms" jsonb NOT NULL,
	"baseline_days" jsonb NOT NULL,
	"meter_revision" integer,
	"flags" jsonb NOT NULL,
	CONSTRAINT "statement_line_statement_id_number_pk" PRIMARY KEY("statement_id","number")
);
--> statement-breakpoint
ALTER TABLE "dispute" ADD CONSTRAINT "dispute_statement_id_statement_statement_id_fk" FOREIGN KEY ("statement_id") REFERENCES "public"."statement"("statement_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "statement_line" ADD CONSTRAINT "statement_line_statement_id_statement_statement_id_fk" FOREIGN KEY ("statement_id") REFERENCES "public"."statement"("statement_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "held_upload_state" ON "held_upload" USING btree ("state","received_at");--> statement-breakpoint
CREATE INDEX "meter_reading_received" ON "meter_reading" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "meter_reading_hub" ON "meter_reading" USING btree ("fu_id","received_at") WHERE source = 'hub';--> statement-breakpoint
CREATE INDEX "dispute_statement" ON "dispute" USING btree ("statement_id");