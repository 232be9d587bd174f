CREATE TABLE "node_terms" (
	"node_id" text PRIMARY KEY NOT NULL,
	"ceiling_gbp_per_mwh" numeric(11, 4),
	"shortfall_weight" double precision,
	"revision" integer NOT NULL,
	"set_at" timestamp with time zone NOT NULL,
	"set_by" text NOT NULL
);
