CREATE TABLE "injected_fault" (
	"depot_id" text NOT NULL,
	"kind" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"by" text NOT NULL,
	CONSTRAINT "injected_fault_depot_id_kind_pk" PRIMARY KEY("depot_id","kind")
);
--> statement-breakpoint
CREATE TABLE "depot_minute" (
	"depot_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"mode" text NOT NULL,
	"capacity_w" double precision NOT NULL,
	"binding" text NOT NULL,
	"limits" jsonb NOT NULL,
	"buffer_w" double precision NOT NULL,
	"site_load_w" double precision,
	"building_w" double precision NOT NULL,
	"ev_load_w" double precision,
	"headroom_w" double precision NOT NULL,
	"budget_w" double precision NOT NULL,
	"dno_limit_w" double precision,
	"flexibility_cap_w" double precision,
	"is_stale" boolean NOT NULL,
	"vehicles" integer NOT NULL,
	"setpoints" integer NOT NULL,
	CONSTRAINT "depot_minute_depot_id_at_pk" PRIMARY KEY("depot_id","at")
);
--> statement-breakpoint
CREATE TABLE "session_minute" (
	"transaction_id" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"depot_id" text NOT NULL,
	"identity" text NOT NULL,
	"connector" integer NOT NULL,
	"power_w" double precision,
	"limit_a" integer,
	CONSTRAINT "session_minute_transaction_id_at_pk" PRIMARY KEY("transaction_id","at")
);
--> statement-breakpoint
CREATE TABLE "vehicle_reading" (
	"vehicle_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"soc_percent" double precision NOT NULL,
	"odometer_km" double precision,
	"source" text NOT NULL,
	CONSTRAINT "vehicle_reading_vehicle_id_at_pk" PRIMARY KEY("vehicle_id","at")
);
--> statement-breakpoint
CREATE INDEX "depot_minute_time" ON "depot_minute" USING btree ("at");--> statement-breakpoint
CREATE INDEX "session_minute_time" ON "session_minute" USING btree ("at");--> statement-breakpoint
CREATE INDEX "vehicle_reading_received" ON "vehicle_reading" USING btree ("received_at");