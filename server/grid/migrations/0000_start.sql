CREATE TYPE "public"."phase" AS ENUM('L1', 'L2', 'L3', 'none');--> statement-breakpoint
CREATE TYPE "public"."quality" AS ENUM('good', 'questionable', 'bad', 'derived');--> statement-breakpoint
CREATE TYPE "public"."quantity" AS ENUM('voltage', 'current', 'active-power', 'reactive-power', 'temperature', 'status');--> statement-breakpoint
CREATE SEQUENCE "public"."assignment_revision" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "alarm" (
	"alarm_id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"source_type" text NOT NULL,
	"source_id" text NOT NULL,
	"source_name" text NOT NULL,
	"priority" text NOT NULL,
	"state" text NOT NULL,
	"message" text NOT NULL,
	"action" text NOT NULL,
	"raised_at" timestamp with time zone NOT NULL,
	"cleared_at" timestamp with time zone,
	"acknowledged_at" timestamp with time zone,
	"acknowledged_by" text,
	"occurrences" integer NOT NULL,
	"owner" text,
	"shelved_until" timestamp with time zone,
	"shelved_by" text,
	"shelf_reason" text,
	"cause_id" text
);
--> statement-breakpoint
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
CREATE TABLE "breach" (
	"breach_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"fu_id" uuid,
	"instruction_id" uuid,
	"start_at" timestamp with time zone NOT NULL,
	"end_at" timestamp with time zone,
	"limit_w" double precision NOT NULL,
	"limit_source" text NOT NULL,
	"peak_excess_w" double precision NOT NULL,
	"excess_wh" double precision NOT NULL,
	"excess_w" double precision NOT NULL,
	"counted_to" timestamp with time zone NOT NULL,
	CONSTRAINT "breach_connection_id_breach_id_pk" PRIMARY KEY("connection_id","breach_id")
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
CREATE TABLE "compliance_status" (
	"connection_id" uuid PRIMARY KEY NOT NULL,
	"state" text DEFAULT 'unknown' NOT NULL,
	"state_since" timestamp with time zone,
	"evaluated_at" timestamp with time zone,
	"import_w" double precision,
	"ev_w" double precision,
	"last_import_w" double precision,
	"last_import_at" timestamp with time zone,
	"last_quality" text,
	"limit_w" double precision,
	"limit_source" text,
	"period_start" timestamp with time zone,
	"period_ws" double precision DEFAULT 0 NOT NULL,
	"period_s" double precision DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "fu_status" (
	"fu_id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"instruction_id" uuid NOT NULL,
	"limit_w" double precision NOT NULL,
	"limit_to" timestamp with time zone NOT NULL,
	"window_start" timestamp with time zone NOT NULL,
	"window_ws" double precision NOT NULL,
	"window_s" double precision NOT NULL,
	"evaluated_at" timestamp with time zone NOT NULL,
	"ev_w" double precision,
	"breached" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connection" (
	"connection_id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"customer" text NOT NULL,
	"address" text NOT NULL,
	"licence_area" text NOT NULL,
	"node_id" text NOT NULL,
	"asc_kva" double precision NOT NULL,
	"power_factor" double precision NOT NULL,
	CONSTRAINT "connection_asc" CHECK (asc_kva > 0),
	CONSTRAINT "connection_power_factor" CHECK (power_factor > 0 and power_factor <= 1)
);
--> statement-breakpoint
CREATE TABLE "connection_mpan" (
	"mpan" text PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "implied_limit" (
	"fu_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone NOT NULL,
	"limit_w" double precision NOT NULL,
	"turn_down_w" double precision,
	"instruction_id" uuid NOT NULL,
	CONSTRAINT "implied_limit_fu_id_from_at_pk" PRIMARY KEY("fu_id","from_at"),
	CONSTRAINT "implied_limit_span" CHECK (from_at < to_at)
);
--> statement-breakpoint
CREATE TABLE "profile" (
	"profile_id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"state" text NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date NOT NULL,
	"fallback_limit_w" double precision,
	"limits" jsonb NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"applied_by" text DEFAULT 'system' NOT NULL,
	"applied_at" timestamp with time zone,
	"edited_by" text,
	"source" text DEFAULT 'system' NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	"reason" text,
	CONSTRAINT "profile_version" UNIQUE("connection_id","version"),
	CONSTRAINT "profile_valid_range" CHECK (valid_from <= valid_to)
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
CREATE TABLE "job_slot" (
	"name" text NOT NULL,
	"slot" timestamp with time zone NOT NULL,
	CONSTRAINT "job_slot_name_slot_pk" PRIMARY KEY("name","slot")
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
CREATE TABLE "network_node" (
	"node_id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"parent_id" text,
	"licence_area" text NOT NULL,
	"rating_winter_kva" double precision,
	"rating_summer_kva" double precision,
	"firm_capacity_kva" double precision,
	"max_demand_winter_kva" double precision,
	"max_demand_summer_kva" double precision,
	"easting" double precision,
	"northing" double precision,
	"reserved" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "feeder_power" (
	"hub_id" uuid NOT NULL,
	"feeder" smallint NOT NULL,
	"points" smallint NOT NULL,
	"usable" smallint NOT NULL,
	"value_w" double precision NOT NULL,
	"quality" "quality" NOT NULL,
	"measured_at" timestamp with time zone NOT NULL,
	CONSTRAINT "feeder_power_hub_id_feeder_pk" PRIMARY KEY("hub_id","feeder")
);
--> statement-breakpoint
CREATE TABLE "hub_former_holder" (
	"hub_id" uuid NOT NULL,
	"epoch" integer NOT NULL,
	"gateway_id" text NOT NULL,
	"ended_at" timestamp with time zone NOT NULL,
	CONSTRAINT "hub_former_holder_hub_id_epoch_pk" PRIMARY KEY("hub_id","epoch")
);
--> statement-breakpoint
CREATE TABLE "gateway_contact" (
	"gateway_id" text PRIMARY KEY NOT NULL,
	"last_contact_at" timestamp with time zone NOT NULL,
	"asked_at" timestamp with time zone,
	"report" jsonb
);
--> statement-breakpoint
CREATE TABLE "gateway_pool" (
	"name" text PRIMARY KEY NOT NULL,
	"lease_s" integer NOT NULL,
	"gateways" jsonb NOT NULL,
	"revision" bigint DEFAULT nextval('assignment_revision') NOT NULL
);
--> statement-breakpoint
CREATE TABLE "gateway_shard" (
	"pool" text NOT NULL,
	"shard" smallint NOT NULL,
	"gateway_id" text,
	"lease_until" timestamp with time zone,
	CONSTRAINT "gateway_shard_pool_shard_pk" PRIMARY KEY("pool","shard")
);
--> statement-breakpoint
CREATE TABLE "hub" (
	"hub_id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"connection_id" uuid,
	"node_id" text,
	"host" text NOT NULL,
	"port" integer NOT NULL,
	"local_address" integer NOT NULL,
	"remote_address" integer NOT NULL,
	"tls_name" text,
	"dials_in" boolean DEFAULT false NOT NULL,
	"integrity_poll_s" integer NOT NULL,
	"timeout_s" integer NOT NULL,
	"point_map_name" text,
	"point_map" jsonb,
	"point_overrides" jsonb,
	"revision" bigint DEFAULT nextval('assignment_revision') NOT NULL,
	"gateway_id" text NOT NULL,
	"pool" text,
	"shard" smallint,
	"epoch" integer DEFAULT 0 NOT NULL,
	"ownership" text DEFAULT 'dno' NOT NULL,
	"current_only" boolean DEFAULT false NOT NULL,
	"assigned_at" timestamp with time zone NOT NULL,
	"stored_sequence" bigint DEFAULT 0 NOT NULL,
	"last_measurement_at" timestamp with time zone,
	"failed_since" timestamp with time zone,
	"link" text DEFAULT 'never-seen' NOT NULL,
	"last_answer_at" timestamp with time zone,
	"polls" bigint DEFAULT 0 NOT NULL,
	"failed_polls" bigint DEFAULT 0 NOT NULL,
	"malformed_frames" bigint DEFAULT 0 NOT NULL,
	"unmapped_points" bigint DEFAULT 0 NOT NULL,
	"unmapped" jsonb,
	"clock_drift_ms" double precision,
	"refused_readings" bigint DEFAULT 0 NOT NULL,
	"event_gaps" bigint DEFAULT 0 NOT NULL,
	"restarts" bigint DEFAULT 0 NOT NULL,
	"quarantined_until" timestamp with time zone,
	CONSTRAINT "hub_pool" CHECK ((pool is null) = (shard is null)),
	CONSTRAINT "hub_timeout" CHECK (timeout_s > 0 and integrity_poll_s > 0)
);
--> statement-breakpoint
CREATE TABLE "hub_feeder" (
	"hub_id" uuid NOT NULL,
	"feeder" smallint NOT NULL,
	"role" text NOT NULL,
	"connection_id" uuid NOT NULL,
	"powers" smallint NOT NULL,
	CONSTRAINT "hub_feeder_hub_id_feeder_pk" PRIMARY KEY("hub_id","feeder")
);
--> statement-breakpoint
CREATE TABLE "hub_points" (
	"hub_id" uuid PRIMARY KEY NOT NULL,
	"points" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "measurement_batch" (
	"hub_id" uuid NOT NULL,
	"sequence" bigint NOT NULL,
	"stored_at" timestamp with time zone NOT NULL,
	"readings" integer NOT NULL,
	CONSTRAINT "measurement_batch_hub_id_sequence_pk" PRIMARY KEY("hub_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "point_map" (
	"name" text PRIMARY KEY NOT NULL,
	"points" jsonb NOT NULL,
	"revision" bigint DEFAULT nextval('assignment_revision') NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rollup_due" (
	"hub_id" uuid NOT NULL,
	"period_start" timestamp with time zone NOT NULL,
	CONSTRAINT "rollup_due_hub_id_period_start_pk" PRIMARY KEY("hub_id","period_start")
);
--> statement-breakpoint
ALTER TABLE "alarm_notice" ADD CONSTRAINT "alarm_notice_target_id_alarm_target_target_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."alarm_target"("target_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "breach" ADD CONSTRAINT "breach_connection_id_connection_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("connection_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "compliance_status" ADD CONSTRAINT "compliance_status_connection_id_connection_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("connection_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection" ADD CONSTRAINT "connection_node_id_network_node_node_id_fk" FOREIGN KEY ("node_id") REFERENCES "public"."network_node"("node_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_mpan" ADD CONSTRAINT "connection_mpan_connection_id_connection_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("connection_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "implied_limit" ADD CONSTRAINT "implied_limit_connection_id_connection_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("connection_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "profile" ADD CONSTRAINT "profile_connection_id_connection_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("connection_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feed_failure" ADD CONSTRAINT "feed_failure_feed_id_feed_feed_id_fk" FOREIGN KEY ("feed_id") REFERENCES "public"."feed"("feed_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "network_node" ADD CONSTRAINT "network_node_parent_id_network_node_node_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."network_node"("node_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gateway_shard" ADD CONSTRAINT "gateway_shard_pool_gateway_pool_name_fk" FOREIGN KEY ("pool") REFERENCES "public"."gateway_pool"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hub" ADD CONSTRAINT "hub_connection_id_connection_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("connection_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hub" ADD CONSTRAINT "hub_node_id_network_node_node_id_fk" FOREIGN KEY ("node_id") REFERENCES "public"."network_node"("node_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hub" ADD CONSTRAINT "hub_point_map_name_point_map_name_fk" FOREIGN KEY ("point_map_name") REFERENCES "public"."point_map"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hub" ADD CONSTRAINT "hub_pool_gateway_pool_name_fk" FOREIGN KEY ("pool") REFERENCES "public"."gateway_pool"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hub_feeder" ADD CONSTRAINT "hub_feeder_hub_id_hub_hub_id_fk" FOREIGN KEY ("hub_id") REFERENCES "public"."hub"("hub_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hub_feeder" ADD CONSTRAINT "hub_feeder_connection_id_connection_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("connection_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "alarm_open" ON "alarm" USING btree ("kind","source_type","source_id") WHERE state <> 'closed';--> statement-breakpoint
CREATE INDEX "alarm_source" ON "alarm" USING btree ("source_type","source_id");--> statement-breakpoint
CREATE INDEX "alarm_raised" ON "alarm" USING btree ("raised_at");--> statement-breakpoint
CREATE INDEX "alarm_journal_alarm" ON "alarm_journal" USING btree ("alarm_id");--> statement-breakpoint
CREATE INDEX "alarm_journal_time" ON "alarm_journal" USING btree ("at");--> statement-breakpoint
CREATE INDEX "alarm_notice_due" ON "alarm_notice" USING btree ("due_at") WHERE state = 'owed';--> statement-breakpoint
CREATE INDEX "alarm_notice_alarm" ON "alarm_notice" USING btree ("alarm_id");--> statement-breakpoint
CREATE INDEX "breach_time" ON "breach" USING btree ("connection_id","start_at");--> statement-breakpoint
CREATE UNIQUE INDEX "breach_open_connection" ON "breach" USING btree ("connection_id") WHERE end_at is null and fu_id is null;--> statement-breakpoint
CREATE UNIQUE INDEX "breach_open_fu" ON "breach" USING btree ("connection_id","fu_id") WHERE end_at is null and fu_id is not null;--> statement-breakpoint
CREATE INDEX "compliance_day_day" ON "compliance_day" USING btree ("trading_day");--> statement-breakpoint
CREATE INDEX "fu_status_connection" ON "fu_status" USING btree ("connection_id");--> statement-breakpoint
CREATE INDEX "connection_node" ON "connection" USING btree ("node_id");--> statement-breakpoint
CREATE INDEX "connection_mpan_connection" ON "connection_mpan" USING btree ("connection_id");--> statement-breakpoint
CREATE INDEX "implied_limit_time" ON "implied_limit" USING btree ("to_at","from_at");--> statement-breakpoint
CREATE INDEX "implied_limit_connection" ON "implied_limit" USING btree ("connection_id","from_at");--> statement-breakpoint
CREATE INDEX "implied_limit_instruction" ON "implied_limit" USING btree ("instruction_id");--> statement-breakpoint
CREATE INDEX "profile_state" ON "profile" USING btree ("state");--> statement-breakpoint
CREATE INDEX "feed_failure_feed" ON "feed_failure" USING btree ("feed_id","at");--> statement-breakpoint
CREATE INDEX "job_slot_age" ON "job_slot" USING btree ("slot");--> statement-breakpoint
CREATE INDEX "network_import_started" ON "network_import" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "network_node_parent" ON "network_node" USING btree ("parent_id");--> statement-breakpoint
CREATE INDEX "hub_former_holder_age" ON "hub_former_holder" USING btree ("ended_at");--> statement-breakpoint
CREATE INDEX "hub_gateway" ON "hub" USING btree ("gateway_id");--> statement-breakpoint
CREATE INDEX "hub_connection" ON "hub" USING btree ("connection_id");--> statement-breakpoint
CREATE INDEX "hub_shard" ON "hub" USING btree ("pool","shard");--> statement-breakpoint
CREATE INDEX "hub_feeder_connection" ON "hub_feeder" USING btree ("connection_id");--> statement-breakpoint
CREATE INDEX "measurement_batch_age" ON "measurement_batch" USING btree ("stored_at");--> statement-breakpoint
CREATE INDEX "rollup_due_period" ON "rollup_due" USING btree ("period_start");