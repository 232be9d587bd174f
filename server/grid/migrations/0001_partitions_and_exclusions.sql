CREATE EXTENSION IF NOT EXISTS btree_gist;
--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS pg_trgm;
--> statement-breakpoint
CREATE INDEX "network_node_search" ON "network_node" USING gin (("node_id" || ' ' || "name") gin_trgm_ops);
--> statement-breakpoint
-- Two approved profiles of one connection can never cover the same day (FM14).
ALTER TABLE "profile" ADD CONSTRAINT "profile_no_overlap" EXCLUDE USING gist (
	"connection_id" WITH =,
	daterange("valid_from", "valid_to", '[]') WITH &&
) WHERE ("state" = 'approved');
--> statement-breakpoint
-- Every minute updates every connection's status: room in the page keeps the updates off the index.
ALTER TABLE "compliance_status" SET (fillfactor = 50);
--> statement-breakpoint
CREATE TABLE "measurement" (
	"hub_id" uuid NOT NULL,
	"feeder" smallint NOT NULL,
	"phase" "phase" NOT NULL,
	"quantity" "quantity" NOT NULL,
	"value" double precision,
	"quality" "quality" NOT NULL,
	"device_time" timestamp with time zone,
	"received_time" timestamp with time zone NOT NULL,
	"sequence" bigint NOT NULL
) PARTITION BY RANGE ("received_time");
--> statement-breakpoint
CREATE INDEX "measurement_hub_time" ON "measurement" ("hub_id", "received_time");
--> statement-breakpoint
CREATE TABLE "connection_import" (
	"connection_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"import_w" double precision,
	"quality" "quality" NOT NULL,
	"ev_w" double precision,
	PRIMARY KEY ("connection_id", "at")
) PARTITION BY RANGE ("at");
--> statement-breakpoint
-- Half-hours outlive the raw measurements that they were rolled up from.
CREATE TABLE "connection_half_hour" (
	"connection_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"mean_w" double precision NOT NULL,
	"max_w" double precision NOT NULL,
	"energy_wh" double precision NOT NULL,
	"completeness" double precision NOT NULL,
	"quality" "quality" NOT NULL,
	"rolled_at" timestamp with time zone NOT NULL,
	PRIMARY KEY ("connection_id", "at")
) PARTITION BY RANGE ("at");
--> statement-breakpoint
CREATE TABLE "node_half_hour" (
	"node_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"mean_w" double precision NOT NULL,
	"max_w" double precision NOT NULL,
	"energy_wh" double precision NOT NULL,
	"completeness" double precision NOT NULL,
	"quality" "quality" NOT NULL,
	"rolled_at" timestamp with time zone NOT NULL,
	PRIMARY KEY ("node_id", "at")
) PARTITION BY RANGE ("at");
