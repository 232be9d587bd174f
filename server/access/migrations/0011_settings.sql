CREATE TABLE "setting_version" (
	"setting_id" text NOT NULL,
	"version" integer NOT NULL,
	"values" jsonb NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"proposed_by" text NOT NULL,
	"changed_by" text NOT NULL,
	CONSTRAINT "setting_version_setting_id_version_pk" PRIMARY KEY("setting_id","version")
);
