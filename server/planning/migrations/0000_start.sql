CREATE TABLE "fu_forecast" (
	"fu_id" uuid NOT NULL,
	"period_start" timestamp with time zone NOT NULL,
	"import_w" double precision NOT NULL,
	"source" text NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "fu_forecast_fu_id_period_start_pk" PRIMARY KEY("fu_id","period_start")
);
