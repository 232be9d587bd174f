CREATE TABLE "reverse_target" (
	"node_id" text PRIMARY KEY NOT NULL,
	"reverse_target_w" double precision NOT NULL,
	"set_at" timestamp with time zone NOT NULL,
	"set_by" text NOT NULL
);
