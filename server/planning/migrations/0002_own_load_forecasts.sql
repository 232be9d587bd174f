CREATE TABLE "forecast_run" (
	"day" date PRIMARY KEY NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	"issued" integer NOT NULL,
	"without_history" integer NOT NULL,
	"failed" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "load_model" (
	"place_kind" text NOT NULL,
	"place_id" text NOT NULL,
	"version" integer NOT NULL,
	"trained_at" timestamp with time zone NOT NULL,
	"history_from" date NOT NULL,
	"history_to" date NOT NULL,
	"known_days" integer NOT NULL,
	"with_weather" boolean NOT NULL,
	"width_factor" double precision NOT NULL,
	"outcome_days" integer NOT NULL,
	"mae_w" double precision,
	"mae_last_week_w" double precision,
	"mae_four_weeks_w" double precision,
	"coverage" double precision,
	CONSTRAINT "load_model_place_kind_place_id_version_pk" PRIMARY KEY("place_kind","place_id","version")
);
--> statement-breakpoint
CREATE TABLE "own_forecast" (
	"place_kind" text NOT NULL,
	"place_id" text NOT NULL,
	"day" date NOT NULL,
	"lead" smallint NOT NULL,
	"version" integer NOT NULL,
	"issued_at" timestamp with time zone NOT NULL,
	"median_w" real[] NOT NULL,
	"low_w" real[] NOT NULL,
	"high_w" real[] NOT NULL,
	"width_factor" double precision NOT NULL,
	CONSTRAINT "own_forecast_place_kind_place_id_day_lead_pk" PRIMARY KEY("place_kind","place_id","day","lead")
);
--> statement-breakpoint
CREATE TABLE "weather" (
	"area" text NOT NULL,
	"period_start" timestamp with time zone NOT NULL,
	"temperature_c" real NOT NULL,
	"radiation_w_m2" real NOT NULL,
	"wind_speed_m_s" real NOT NULL,
	"cloud_percent" real NOT NULL,
	"uploaded_at" timestamp with time zone NOT NULL,
	"uploaded_by" text NOT NULL,
	CONSTRAINT "weather_area_period_start_pk" PRIMARY KEY("area","period_start")
);
