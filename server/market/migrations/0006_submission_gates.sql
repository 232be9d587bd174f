CREATE TABLE "submission_gate" (
	"kind" text NOT NULL,
	"version" integer NOT NULL,
	"settings" jsonb NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"changed_by" text NOT NULL,
	CONSTRAINT "submission_gate_kind_version_pk" PRIMARY KEY("kind","version")
);
