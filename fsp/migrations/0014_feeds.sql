CREATE TABLE "job_slot" (
	"name" text NOT NULL,
	"slot" timestamp with time zone NOT NULL,
	CONSTRAINT "job_slot_name_slot_pk" PRIMARY KEY("name","slot")
);
--> statement-breakpoint
CREATE TABLE "feeder_reading" (
	"depot_id" text NOT NULL,
	"channel" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"feeder" integer NOT NULL,
	"current_a" double precision,
	"power_w" double precision NOT NULL,
	"is_derived" boolean NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "feeder_reading_depot_id_channel_at_pk" PRIMARY KEY("depot_id","channel","at")
);
--> statement-breakpoint
CREATE TABLE "feed" (
	"feed_id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"agreed" jsonb NOT NULL,
	"sealed_secret" text,
	"registered_at" timestamp with time zone NOT NULL,
	"removed_at" timestamp with time zone,
	"last_success_at" timestamp with time zone,
	"last_failure_at" timestamp with time zone,
	"last_error" text,
	"failures_in_a_row" integer DEFAULT 0 NOT NULL,
	"last_run_at" timestamp with time zone,
	"next_run_at" timestamp with time zone,
	"last_record" jsonb,
	"passed_over" jsonb DEFAULT '[]'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "feed_fault" (
	"fault_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "feed_fault_fault_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"feed_id" text NOT NULL,
	"file_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"reason" text NOT NULL,
	"line" integer NOT NULL,
	"record" jsonb,
	"resolved_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "feed_file" (
	"file_id" uuid PRIMARY KEY NOT NULL,
	"feed_id" text NOT NULL,
	"name" text NOT NULL,
	"sha256" text NOT NULL,
	"bytes" integer NOT NULL,
	"modified_at" timestamp with time zone,
	"received_at" timestamp with time zone NOT NULL,
	"by" text NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"taken" integer NOT NULL,
	"kept" integer NOT NULL,
	"replays" integer DEFAULT 0 NOT NULL,
	"content" "bytea"
);
--> statement-breakpoint
CREATE TABLE "fleet_trip" (
	"feed_id" text NOT NULL,
	"vehicle" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone NOT NULL,
	"distance_km" double precision NOT NULL,
	CONSTRAINT "fleet_trip_feed_id_vehicle_started_at_pk" PRIMARY KEY("feed_id","vehicle","started_at")
);
--> statement-breakpoint
CREATE TABLE "weather_reading" (
	"depot_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"is_forecast" boolean NOT NULL,
	"temperature_c" double precision NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "weather_reading_depot_id_at_pk" PRIMARY KEY("depot_id","at")
);
--> statement-breakpoint
CREATE TABLE "process_health" (
	"process" text NOT NULL,
	"subject" text NOT NULL,
	"depot_id" text,
	"last_run_at" timestamp with time zone NOT NULL,
	"last_success_at" timestamp with time zone,
	"last_duration_ms" double precision NOT NULL,
	"last_records" integer NOT NULL,
	"runs" integer NOT NULL,
	"failures" integer NOT NULL,
	"failures_in_a_row" integer NOT NULL,
	"last_error" text,
	"figures" jsonb NOT NULL,
	CONSTRAINT "process_health_process_subject_pk" PRIMARY KEY("process","subject")
);
--> statement-breakpoint
CREATE TABLE "vehicle_telematics" (
	"vehicle_id" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"is_at_depot" boolean,
	"is_ignition_on" boolean,
	"is_plugged_in" boolean,
	"source" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "feed_fault" ADD CONSTRAINT "feed_fault_file_id_feed_file_file_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."feed_file"("file_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feed_file" ADD CONSTRAINT "feed_file_feed_id_feed_feed_id_fk" FOREIGN KEY ("feed_id") REFERENCES "public"."feed"("feed_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "job_slot_age" ON "job_slot" USING btree ("slot");--> statement-breakpoint
CREATE INDEX "feeder_reading_minute" ON "feeder_reading" USING btree ("depot_id","at");--> statement-breakpoint
CREATE INDEX "feed_fault_newest" ON "feed_fault" USING btree ("feed_id","at");--> statement-breakpoint
CREATE INDEX "feed_fault_file" ON "feed_fault" USING btree ("file_id");--> statement-breakpoint
CREATE UNIQUE INDEX "feed_file_once" ON "feed_file" USING btree ("feed_id","name","sha256");--> statement-breakpoint
CREATE INDEX "feed_file_newest" ON "feed_file" USING btree ("feed_id","received_at");