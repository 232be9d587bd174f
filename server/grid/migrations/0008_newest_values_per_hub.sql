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
CREATE TABLE "hub_points" (
	"hub_id" uuid PRIMARY KEY NOT NULL,
	"points" text NOT NULL
);
