CREATE TABLE "commissioning_run" (
	"run_id" uuid PRIMARY KEY NOT NULL,
	"depot_id" text NOT NULL,
	"identity" text NOT NULL,
	"connectors" integer[] NOT NULL,
	"model" text NOT NULL,
	"firmware" text,
	"route" text NOT NULL,
	"protocol" text,
	"started_by" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"state" text NOT NULL,
	"stopped_by" text,
	"steps" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "foreign_limit" (
	"foreign_limit_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "foreign_limit_foreign_limit_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"depot_id" text NOT NULL,
	"identity" text NOT NULL,
	"connector" integer NOT NULL,
	"kind" text NOT NULL,
	"seen_by" text NOT NULL,
	"limit_a" integer NOT NULL,
	"seen_a" double precision,
	"since" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "route_delivery" (
	"identity" text NOT NULL,
	"connector" integer NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	"depot_id" text NOT NULL,
	"model" text NOT NULL,
	"route" text NOT NULL,
	"protocol" text,
	"limit_a" integer NOT NULL,
	"attempt" integer NOT NULL,
	"result" text NOT NULL,
	"latency_ms" double precision,
	"effect_ms" double precision,
	"cost_micro_gbp" bigint NOT NULL,
	CONSTRAINT "route_delivery_identity_connector_sent_at_pk" PRIMARY KEY("identity","connector","sent_at")
);
--> statement-breakpoint
CREATE INDEX "commissioning_run_depot" ON "commissioning_run" USING btree ("depot_id","started_at");--> statement-breakpoint
CREATE INDEX "foreign_limit_depot" ON "foreign_limit" USING btree ("depot_id","foreign_limit_id");--> statement-breakpoint
CREATE INDEX "route_delivery_time" ON "route_delivery" USING btree ("sent_at","depot_id");