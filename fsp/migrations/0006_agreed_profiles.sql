CREATE TABLE "agreed_profile" (
	"depot_id" text PRIMARY KEY NOT NULL,
	"schedule" jsonb NOT NULL,
	"read_at" timestamp with time zone NOT NULL
);
