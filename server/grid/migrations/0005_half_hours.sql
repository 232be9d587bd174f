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
--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS pg_trgm;
--> statement-breakpoint
CREATE INDEX "network_node_search" ON "network_node" USING gin (("node_id" || ' ' || "name") gin_trgm_ops);
