CREATE TABLE "monitor_outbox" (
	"depot_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"site_load_w" double precision NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"sequence" bigint,
	"refusal" text,
	CONSTRAINT "monitor_outbox_depot_id_at_pk" PRIMARY KEY("depot_id","at")
);
--> statement-breakpoint
CREATE TABLE "site_monitor" (
	"depot_id" text PRIMARY KEY NOT NULL,
	"hub_id" uuid NOT NULL,
	"feeder" smallint NOT NULL,
	"quality" text NOT NULL,
	"token_endpoint" text NOT NULL,
	"client_id" text NOT NULL,
	"sealed_secret" text NOT NULL,
	"last_sequence" bigint DEFAULT 0 NOT NULL,
	"last_taken_at" timestamp with time zone,
	"failure" text
);
--> statement-breakpoint
ALTER TABLE "monitor_outbox" ADD CONSTRAINT "monitor_outbox_depot_id_site_monitor_depot_id_fk" FOREIGN KEY ("depot_id") REFERENCES "public"."site_monitor"("depot_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "monitor_outbox_batch" ON "monitor_outbox" USING btree ("depot_id","sequence");