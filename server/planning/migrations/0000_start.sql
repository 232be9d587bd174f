CREATE TABLE "fu_forecast" (
	"fu_id" uuid NOT NULL,
	"period_start" timestamp with time zone NOT NULL,
	"import_w" double precision NOT NULL,
	"source" text NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "fu_forecast_fu_id_period_start_pk" PRIMARY KEY("fu_id","period_start")
);
--> statement-breakpoint
CREATE TABLE "load_forecast" (
	"node_id" text NOT NULL,
	"period_start" timestamp with time zone NOT NULL,
	"load_w" double precision NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"updated_by" text NOT NULL,
	CONSTRAINT "load_forecast_node_id_period_start_pk" PRIMARY KEY("node_id","period_start")
);
--> statement-breakpoint
CREATE TABLE "target_level" (
	"node_id" text PRIMARY KEY NOT NULL,
	"target_w" double precision NOT NULL,
	"set_at" timestamp with time zone NOT NULL,
	"set_by" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "load_forecast_time" ON "load_forecast" USING btree ("period_start");