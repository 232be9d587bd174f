CREATE TABLE "optimisation_run" (
	"run_id" uuid PRIMARY KEY NOT NULL,
	"trading_day" date NOT NULL,
	"product" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"started_by" text NOT NULL,
	"units" integer NOT NULL,
	"nodes" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "optimisation_unit" (
	"run_id" uuid NOT NULL,
	"fu_id" uuid NOT NULL,
	"periods" jsonb NOT NULL,
	CONSTRAINT "optimisation_unit_run_id_fu_id_pk" PRIMARY KEY("run_id","fu_id")
);
--> statement-breakpoint
CREATE TABLE "dispatch_stop" (
	"stop_id" uuid PRIMARY KEY NOT NULL,
	"fsp_id" uuid,
	"reason" text NOT NULL,
	"stopped_at" timestamp with time zone NOT NULL,
	"stopped_by" text NOT NULL,
	"lifted_at" timestamp with time zone,
	"lifted_by" text
);
--> statement-breakpoint
ALTER TABLE "optimisation_unit" ADD CONSTRAINT "optimisation_unit_run_id_optimisation_run_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."optimisation_run"("run_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "optimisation_run_day" ON "optimisation_run" USING btree ("trading_day","started_at");--> statement-breakpoint
CREATE UNIQUE INDEX "dispatch_stop_in_force" ON "dispatch_stop" USING btree (coalesce("fsp_id", '00000000-0000-0000-0000-000000000000'::uuid)) WHERE lifted_at is null;