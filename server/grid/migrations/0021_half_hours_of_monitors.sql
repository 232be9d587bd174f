-- Half-hours of customers' monitors that are compared with a hub of the DNO; the connection is judged by the hub.
CREATE TABLE "monitor_half_hour" (
	"connection_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"mean_w" double precision NOT NULL,
	"max_w" double precision NOT NULL,
	"energy_wh" double precision NOT NULL,
	"completeness" double precision NOT NULL,
	"quality" "quality" NOT NULL,
	"direction_known" boolean DEFAULT true NOT NULL,
	"rolled_at" timestamp with time zone NOT NULL,
	PRIMARY KEY ("connection_id", "at")
) PARTITION BY RANGE ("at");
--> statement-breakpoint
-- Where a hub was registered beside a monitor, both were added up until now.
UPDATE "hub_feeder" f SET "counts" = false
FROM "hub" h
WHERE h."hub_id" = f."hub_id" AND h."ownership" = 'customer' AND EXISTS (
	SELECT FROM "hub_feeder" o JOIN "hub" d ON d."hub_id" = o."hub_id"
	WHERE o."connection_id" = f."connection_id" AND d."ownership" = 'dno'
);
