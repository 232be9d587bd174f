CREATE TABLE "demand_edition" (
	"edition_id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"is_synthetic" boolean NOT NULL,
	"imported_at" timestamp with time zone NOT NULL,
	"imported_by" text NOT NULL,
	"rows" integer NOT NULL,
	"digest" text NOT NULL,
	"columns" jsonb NOT NULL,
	"summary" jsonb NOT NULL,
	"anomalies" jsonb NOT NULL,
	"anomaly_count" integer NOT NULL,
	"new_vehicles" jsonb NOT NULL,
	"new_vehicle_count" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "demand_edition_part" (
	"edition_id" uuid NOT NULL,
	"part" integer NOT NULL,
	"rows" jsonb NOT NULL,
	CONSTRAINT "demand_edition_part_edition_id_part_pk" PRIMARY KEY("edition_id","part")
);
--> statement-breakpoint
CREATE TABLE "demand_run" (
	"run_id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"title" text NOT NULL,
	"state" text NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"requested_by" text NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"failure" text,
	"record" jsonb NOT NULL,
	"is_synthetic" boolean NOT NULL,
	"summary" jsonb,
	"digest" text
);
--> statement-breakpoint
CREATE TABLE "demand_run_area" (
	"run_id" uuid NOT NULL,
	"area" text NOT NULL,
	"mean_w" double precision[],
	"basis" text,
	"confidence" text,
	"node_ids" text[] NOT NULL,
	"shares" double precision[] NOT NULL,
	CONSTRAINT "demand_run_area_run_id_area_pk" PRIMARY KEY("run_id","area")
);
--> statement-breakpoint
CREATE TABLE "demand_run_node" (
	"run_id" uuid NOT NULL,
	"rank" integer NOT NULL,
	"node_id" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"easting_m" double precision,
	"northing_m" double precision,
	"first_year" integer,
	"confidence" text,
	"peak_w" double precision[] NOT NULL,
	"least_headroom_w" double precision[],
	"hours_over" double precision[],
	"vehicles" double precision[] NOT NULL,
	"fleet_w" real[],
	"headroom_w" real[],
	CONSTRAINT "demand_run_node_run_id_rank_pk" PRIMARY KEY("run_id","rank")
);
--> statement-breakpoint
CREATE TABLE "demand_vehicle" (
	"vehicle" text PRIMARY KEY NOT NULL,
	"model" text NOT NULL,
	"edition_id" uuid NOT NULL
);
--> statement-breakpoint
ALTER TABLE "demand_edition_part" ADD CONSTRAINT "demand_edition_part_edition_id_demand_edition_edition_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."demand_edition"("edition_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "demand_run_area" ADD CONSTRAINT "demand_run_area_run_id_demand_run_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."demand_run"("run_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "demand_run_node" ADD CONSTRAINT "demand_run_node_run_id_demand_run_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."demand_run"("run_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "demand_vehicle" ADD CONSTRAINT "demand_vehicle_edition_id_demand_edition_edition_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."demand_edition"("edition_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "demand_edition_imported" ON "demand_edition" USING btree ("imported_at","edition_id");--> statement-breakpoint
CREATE INDEX "demand_run_requested" ON "demand_run" USING btree ("requested_at","run_id");--> statement-breakpoint
CREATE INDEX "demand_run_node_id" ON "demand_run_node" USING btree ("run_id","node_id");