CREATE TABLE "connection_limit" (
	"limit_id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"fsp_id" uuid NOT NULL,
	"cause" text NOT NULL,
	"policy_revision" integer NOT NULL,
	"intervals" jsonb NOT NULL,
	"fail_safe_w" double precision,
	"issued_at" timestamp with time zone NOT NULL,
	"valid_until" timestamp with time zone NOT NULL,
	"state" text NOT NULL,
	"acknowledged_at" timestamp with time zone,
	"next_attempt_at" timestamp with time zone,
	"reason" text,
	CONSTRAINT "connection_limit_once" UNIQUE("connection_id","fsp_id","issued_at")
);
--> statement-breakpoint
CREATE TABLE "fail_safe_policy" (
	"connection_id" uuid PRIMARY KEY NOT NULL,
	"on_breach" boolean NOT NULL,
	"on_link_lost" boolean NOT NULL,
	"fail_safe_w" double precision NOT NULL,
	"valid_minutes" integer NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "fail_safe_policy_range" CHECK (fail_safe_w >= 0 and valid_minutes >= 2)
);
--> statement-breakpoint
CREATE TABLE "limit_attempt" (
	"limit_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"outcome" text NOT NULL,
	CONSTRAINT "limit_attempt_limit_id_attempt_pk" PRIMARY KEY("limit_id","attempt")
);
--> statement-breakpoint
CREATE TABLE "instruction" (
	"instruction_id" uuid PRIMARY KEY NOT NULL,
	"fu_id" uuid NOT NULL,
	"fsp_id" uuid NOT NULL,
	"product" text NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone NOT NULL,
	"turn_down_w" double precision NOT NULL,
	"intervals" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"supersedes" uuid,
	"state" text NOT NULL,
	"schedule_kind" text NOT NULL,
	"schedule_version" integer NOT NULL,
	"planned_at" timestamp with time zone NOT NULL,
	"issued_at" timestamp with time zone,
	"answered_at" timestamp with time zone,
	"acknowledged_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	"next_attempt_at" timestamp with time zone,
	"reason" text,
	CONSTRAINT "instruction_once" UNIQUE("fu_id","product","from_at","revision"),
	CONSTRAINT "instruction_span_order" CHECK ("instruction"."from_at" < "instruction"."to_at")
);
--> statement-breakpoint
CREATE TABLE "instruction_attempt" (
	"instruction_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"action" text NOT NULL,
	"outcome" text NOT NULL,
	CONSTRAINT "instruction_attempt_instruction_id_attempt_pk" PRIMARY KEY("instruction_id","attempt")
);
--> statement-breakpoint
CREATE TABLE "instruction_report" (
	"instruction_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"status" text NOT NULL,
	"detail" text,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "instruction_report_instruction_id_status_at_pk" PRIMARY KEY("instruction_id","status","at")
);
--> statement-breakpoint
CREATE TABLE "dispatch_cycle" (
	"product" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"lease_until" timestamp with time zone,
	"token" uuid,
	"done_at" timestamp with time zone,
	"outcome" text,
	"instructions" integer,
	CONSTRAINT "dispatch_cycle_product_starts_at_pk" PRIMARY KEY("product","starts_at")
);
--> statement-breakpoint
CREATE TABLE "optimisation_run" (
	"run_id" uuid PRIMARY KEY NOT NULL,
	"trading_day" date NOT NULL,
	"product" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"started_by" text NOT NULL,
	"units" integer NOT NULL,
	"method" text DEFAULT 'selection' NOT NULL,
	"gap" double precision DEFAULT 0 NOT NULL,
	"nodes" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "optimisation_unit" (
	"run_id" uuid NOT NULL,
	"fu_id" uuid NOT NULL,
	"periods" jsonb NOT NULL,
	CONSTRAINT "optimisation_unit_run_id_fu_id_pk" PRIMARY KEY("run_id","fu_id")
);
--> statement-breakpoint
CREATE TABLE "pseudo_network" (
	"pseudo_network_id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"nodes" jsonb NOT NULL,
	"members" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	CONSTRAINT "pseudo_network_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "rehearsal" (
	"rehearsal_id" uuid PRIMARY KEY NOT NULL,
	"pseudo_network_id" uuid NOT NULL,
	"trading_day" date NOT NULL,
	"scenario" text NOT NULL,
	"need_w" double precision,
	"started_at" timestamp with time zone NOT NULL,
	"started_by" text NOT NULL,
	"method" text NOT NULL,
	"gap" double precision NOT NULL,
	"nodes" jsonb NOT NULL,
	"units" jsonb NOT NULL,
	"adopted_at" timestamp with time zone,
	"adopted_by" text
);
--> statement-breakpoint
CREATE TABLE "dispatch_schedule" (
	"fu_id" uuid NOT NULL,
	"trading_day" date NOT NULL,
	"kind" text NOT NULL,
	"version" integer NOT NULL,
	"resolution" text NOT NULL,
	"values" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	CONSTRAINT "dispatch_schedule_fu_id_trading_day_kind_version_pk" PRIMARY KEY("fu_id","trading_day","kind","version")
);
--> statement-breakpoint
CREATE TABLE "schedule_selection" (
	"fu_id" uuid NOT NULL,
	"trading_day" date NOT NULL,
	"kind" text NOT NULL,
	"selected_at" timestamp with time zone NOT NULL,
	"selected_by" text NOT NULL,
	CONSTRAINT "schedule_selection_fu_id_trading_day_pk" PRIMARY KEY("fu_id","trading_day")
);
--> statement-breakpoint
CREATE TABLE "dispatch_stop" (
	"stop_id" uuid PRIMARY KEY NOT NULL,
	"fsp_id" uuid,
	"reason" text NOT NULL,
	"stopped_at" timestamp with time zone NOT NULL,
	"stopped_by" text NOT NULL,
	"lifted_at" timestamp with time zone,
	"lifted_by" text
);
--> statement-breakpoint
CREATE TABLE "dispatch_timetable" (
	"product" text NOT NULL,
	"version" integer NOT NULL,
	"settings" jsonb NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"changed_by" text NOT NULL,
	CONSTRAINT "dispatch_timetable_product_version_pk" PRIMARY KEY("product","version")
);
--> statement-breakpoint
ALTER TABLE "limit_attempt" ADD CONSTRAINT "limit_attempt_limit_id_connection_limit_limit_id_fk" FOREIGN KEY ("limit_id") REFERENCES "public"."connection_limit"("limit_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "instruction_attempt" ADD CONSTRAINT "instruction_attempt_instruction_id_instruction_instruction_id_fk" FOREIGN KEY ("instruction_id") REFERENCES "public"."instruction"("instruction_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "instruction_report" ADD CONSTRAINT "instruction_report_instruction_id_instruction_instruction_id_fk" FOREIGN KEY ("instruction_id") REFERENCES "public"."instruction"("instruction_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "optimisation_unit" ADD CONSTRAINT "optimisation_unit_run_id_optimisation_run_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."optimisation_run"("run_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rehearsal" ADD CONSTRAINT "rehearsal_pseudo_network_id_pseudo_network_pseudo_network_id_fk" FOREIGN KEY ("pseudo_network_id") REFERENCES "public"."pseudo_network"("pseudo_network_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "connection_limit_state" ON "connection_limit" USING btree ("state","valid_until");--> statement-breakpoint
CREATE UNIQUE INDEX "instruction_live" ON "instruction" USING btree ("fu_id","product","from_at") WHERE state in ('planned', 'sent', 'unknown', 'acknowledged');--> statement-breakpoint
CREATE INDEX "instruction_state" ON "instruction" USING btree ("state","from_at");--> statement-breakpoint
CREATE INDEX "instruction_span" ON "instruction" USING btree ("product","from_at");--> statement-breakpoint
CREATE INDEX "optimisation_run_day" ON "optimisation_run" USING btree ("trading_day","started_at");--> statement-breakpoint
CREATE INDEX "rehearsal_network" ON "rehearsal" USING btree ("pseudo_network_id","started_at");--> statement-breakpoint
CREATE UNIQUE INDEX "dispatch_stop_in_force" ON "dispatch_stop" USING btree (coalesce("fsp_id", '00000000-0000-0000-0000-000000000000'::uuid)) WHERE lifted_at is null;