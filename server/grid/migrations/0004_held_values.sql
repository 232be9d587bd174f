CREATE TABLE "hub_contact" (
	"hub_id" uuid NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone NOT NULL,
	CONSTRAINT "hub_contact_hub_id_from_at_pk" PRIMARY KEY("hub_id","from_at")
);
--> statement-breakpoint
CREATE TABLE "hub_power" (
	"hub_id" uuid NOT NULL,
	"feeder" smallint NOT NULL,
	"phase" "phase" NOT NULL,
	"held" boolean NOT NULL,
	CONSTRAINT "hub_power_hub_id_feeder_phase_pk" PRIMARY KEY("hub_id","feeder","phase")
);
--> statement-breakpoint
ALTER TABLE "hub_feeder" ADD COLUMN "held" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "hub_power" ADD CONSTRAINT "hub_power_hub_id_hub_hub_id_fk" FOREIGN KEY ("hub_id") REFERENCES "public"."hub"("hub_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "hub_contact_age" ON "hub_contact" USING btree ("to_at");