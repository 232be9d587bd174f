CREATE TABLE "alarm_out_of_service" (
	"kind" text NOT NULL,
	"source_id" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"by" text NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "alarm_out_of_service_kind_source_id_pk" PRIMARY KEY("kind","source_id")
);
--> statement-breakpoint
CREATE TABLE "alarm_pending" (
	"kind" text NOT NULL,
	"source_id" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"raised" jsonb NOT NULL,
	CONSTRAINT "alarm_pending_kind_source_id_pk" PRIMARY KEY("kind","source_id")
);
--> statement-breakpoint
CREATE TABLE "hub_event" (
	"event_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "hub_event_event_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"hub_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"event" text NOT NULL,
	"feeder" smallint NOT NULL,
	"phase" text NOT NULL,
	"value" double precision NOT NULL
);
--> statement-breakpoint
ALTER TABLE "alarm" ADD COLUMN "out_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "alarm" ADD COLUMN "out_by" text;--> statement-breakpoint
ALTER TABLE "alarm" ADD COLUMN "out_reason" text;--> statement-breakpoint
ALTER TABLE "alarm" ADD COLUMN "clearing_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "hub_points" ADD COLUMN "conditions" text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX "hub_event_hub" ON "hub_event" USING btree ("hub_id","event_id");