CREATE TABLE "unit_reliability" (
	"fu_id" uuid PRIMARY KEY NOT NULL,
	"periods" integer NOT NULL,
	"instructed_wh" double precision NOT NULL,
	"delivered_wh" double precision NOT NULL,
	"ratio" double precision NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"setting_version" integer NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
