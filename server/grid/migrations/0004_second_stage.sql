CREATE TABLE "alarm_journal" (
	"entry_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "alarm_journal_entry_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"alarm_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"event" text NOT NULL,
	"state" text NOT NULL,
	"priority" text NOT NULL,
	"actor" text NOT NULL,
	"detail" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alarm_notice" (
	"notice_id" uuid PRIMARY KEY NOT NULL,
	"alarm_id" uuid NOT NULL,
	"target_id" uuid NOT NULL,
	"state" text NOT NULL,
	"attempts" integer NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone,
	"last_error" text,
	"body" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alarm_target" (
	"target_id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"address" text NOT NULL,
	"from_priority" text NOT NULL,
	"sealed_key" text,
	"active" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "compliance_day" (
	"connection_id" uuid NOT NULL,
	"trading_day" date NOT NULL,
	"compliant_s" integer NOT NULL,
	"at_risk_s" integer NOT NULL,
	"breach_s" integer NOT NULL,
	"unknown_s" integer NOT NULL,
	CONSTRAINT "compliance_day_connection_id_trading_day_pk" PRIMARY KEY("connection_id","trading_day")
);
--> statement-breakpoint
CREATE TABLE "feed" (
	"feed_id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"owner" text NOT NULL,
	"cadence_s" integer NOT NULL,
	"format" text NOT NULL,
	"amber_s" integer,
	"red_s" integer NOT NULL,
	"fields" jsonb NOT NULL,
	"registered_at" timestamp with time zone NOT NULL,
	"last_success_at" timestamp with time zone,
	"last_record" jsonb,
	"last_failure_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "feed_failure" (
	"failure_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "feed_failure_failure_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"feed_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"reason" text NOT NULL,
	"record" jsonb
);
--> statement-breakpoint
CREATE TABLE "network_import" (
	"import_id" uuid PRIMARY KEY NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"started_by" text NOT NULL,
	"dry_run" boolean NOT NULL,
	"state" text NOT NULL,
	"layout" text,
	"rows" integer NOT NULL,
	"created" integer DEFAULT 0 NOT NULL,
	"changed" integer DEFAULT 0 NOT NULL,
	"flaws" jsonb NOT NULL,
	"flaw_count" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rollup_due" (
	"hub_id" uuid NOT NULL,
	"period_start" timestamp with time zone NOT NULL,
	CONSTRAINT "rollup_due_hub_id_period_start_pk" PRIMARY KEY("hub_id","period_start")
);
--> statement-breakpoint
ALTER TABLE "alarm" ADD COLUMN "owner" text;--> statement-breakpoint
ALTER TABLE "alarm" ADD COLUMN "shelved_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "alarm" ADD COLUMN "shelved_by" text;--> statement-breakpoint
ALTER TABLE "alarm" ADD COLUMN "shelf_reason" text;--> statement-breakpoint
ALTER TABLE "alarm" ADD COLUMN "cause_id" text;--> statement-breakpoint
ALTER TABLE "profile" ADD COLUMN "revision" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "profile" ADD COLUMN "applied_by" text DEFAULT 'system' NOT NULL;--> statement-breakpoint
ALTER TABLE "profile" ADD COLUMN "applied_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "profile" ADD COLUMN "edited_by" text;--> statement-breakpoint
ALTER TABLE "profile" ADD COLUMN "source" text DEFAULT 'system' NOT NULL;--> statement-breakpoint
ALTER TABLE "profile" ADD COLUMN "note" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "profile" ADD COLUMN "decided_by" text;--> statement-breakpoint
ALTER TABLE "profile" ADD COLUMN "decided_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "profile" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "network_node" ADD COLUMN "firm_capacity_kva" double precision;--> statement-breakpoint
ALTER TABLE "network_node" ADD COLUMN "max_demand_winter_kva" double precision;--> statement-breakpoint
ALTER TABLE "network_node" ADD COLUMN "max_demand_summer_kva" double precision;--> statement-breakpoint
ALTER TABLE "hub" ADD COLUMN "ownership" text DEFAULT 'dno' NOT NULL;--> statement-breakpoint
ALTER TABLE "hub" ADD COLUMN "current_only" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "hub" ADD COLUMN "refused_readings" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "hub" ADD COLUMN "event_gaps" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "hub" ADD COLUMN "restarts" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "hub" ADD COLUMN "quarantined_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "alarm_notice" ADD CONSTRAINT "alarm_notice_target_id_alarm_target_target_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."alarm_target"("target_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feed_failure" ADD CONSTRAINT "feed_failure_feed_id_feed_feed_id_fk" FOREIGN KEY ("feed_id") REFERENCES "public"."feed"("feed_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alarm_journal_alarm" ON "alarm_journal" USING btree ("alarm_id");--> statement-breakpoint
CREATE INDEX "alarm_journal_time" ON "alarm_journal" USING btree ("at");--> statement-breakpoint
CREATE INDEX "alarm_notice_due" ON "alarm_notice" USING btree ("due_at") WHERE state = 'owed';--> statement-breakpoint
CREATE INDEX "alarm_notice_alarm" ON "alarm_notice" USING btree ("alarm_id");--> statement-breakpoint
CREATE INDEX "compliance_day_day" ON "compliance_day" USING btree ("trading_day");--> statement-breakpoint
CREATE INDEX "feed_failure_feed" ON "feed_failure" USING btree ("feed_id","at");--> statement-breakpoint
CREATE INDEX "network_import_started" ON "network_import" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "rollup_due_period" ON "rollup_due" USING btree ("period_start");--> statement-breakpoint
CREATE INDEX "profile_state" ON "profile" USING btree ("state");