CREATE TABLE "dynamic_limit" (
	"connection_id" uuid NOT NULL,
	"day" date NOT NULL,
	"version" integer NOT NULL,
	"issued_at" timestamp with time zone NOT NULL,
	"issued_by" text NOT NULL,
	"floor_w" double precision NOT NULL,
	"share" text NOT NULL,
	"periods" jsonb NOT NULL,
	CONSTRAINT "dynamic_limit_connection_id_day_version_pk" PRIMARY KEY("connection_id","day","version")
);
--> statement-breakpoint
CREATE TABLE "dynamic_limit_terms" (
	"connection_id" uuid PRIMARY KEY NOT NULL,
	"is_on" boolean NOT NULL,
	"floor_w" double precision NOT NULL,
	"top_node_id" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "dynamic_limit_terms_floor" CHECK (floor_w >= 0)
);
--> statement-breakpoint
ALTER TABLE "dynamic_limit" ADD CONSTRAINT "dynamic_limit_connection_id_connection_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("connection_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dynamic_limit_terms" ADD CONSTRAINT "dynamic_limit_terms_connection_id_connection_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("connection_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dynamic_limit_terms" ADD CONSTRAINT "dynamic_limit_terms_top_node_id_network_node_node_id_fk" FOREIGN KEY ("top_node_id") REFERENCES "public"."network_node"("node_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "dynamic_limit_day" ON "dynamic_limit" USING btree ("day");