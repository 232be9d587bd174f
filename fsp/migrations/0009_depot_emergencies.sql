CREATE TABLE "depot_emergency" (
	"depot_id" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"standing_limit_a" integer NOT NULL,
	"mode_before" text NOT NULL,
	"started_by" text NOT NULL,
	"reason" text NOT NULL,
	"ended_at" timestamp with time zone,
	"ended_by" text,
	CONSTRAINT "depot_emergency_depot_id_since_pk" PRIMARY KEY("depot_id","since")
);
