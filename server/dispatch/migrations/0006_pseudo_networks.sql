CREATE TABLE "pseudo_network" (
	"pseudo_network_id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"nodes" jsonb NOT NULL,
	"members" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	CONSTRAINT "pseudo_network_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "rehearsal" (
	"rehearsal_id" uuid PRIMARY KEY NOT NULL,
	"pseudo_network_id" uuid NOT NULL,
	"trading_day" date NOT NULL,
	"scenario" text NOT NULL,
	"need_w" double precision,
	"started_at" timestamp with time zone NOT NULL,
	"started_by" text NOT NULL,
	"method" text NOT NULL,
	"gap" double precision NOT NULL,
	"nodes" jsonb NOT NULL,
	"units" jsonb NOT NULL,
	"adopted_at" timestamp with time zone,
	"adopted_by" text
);
--> statement-breakpoint
ALTER TABLE "rehearsal" ADD CONSTRAINT "rehearsal_pseudo_network_id_pseudo_network_pseudo_network_id_fk" FOREIGN KEY ("pseudo_network_id") REFERENCES "public"."pseudo_network"("pseudo_network_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "rehearsal_network" ON "rehearsal" USING btree ("pseudo_network_id","started_at");