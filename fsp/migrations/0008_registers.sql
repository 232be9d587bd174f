CREATE TABLE "register_take_over" (
	"id" integer PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"entries" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "register_version" (
	"register" text NOT NULL,
	"key" text NOT NULL,
	"version" integer NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"valid_to" timestamp with time zone,
	"is_retired" boolean NOT NULL,
	"data" jsonb NOT NULL,
	"changed_by" text NOT NULL,
	"changed_by_id" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"reason" text,
	CONSTRAINT "register_version_register_key_version_pk" PRIMARY KEY("register","key","version")
);
--> statement-breakpoint
CREATE TABLE "register_warning" (
	"warning_id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"depot_id" text NOT NULL,
	"subject" text NOT NULL,
	"place" text NOT NULL,
	"sentence" text NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"times" integer NOT NULL,
	"resolved_at" timestamp with time zone,
	"resolved_by" text,
	"resolution" text
);
--> statement-breakpoint
CREATE TABLE "seen_thing" (
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"depot_id" text,
	"place" text NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"times" integer NOT NULL,
	CONSTRAINT "seen_thing_kind_key_pk" PRIMARY KEY("kind","key")
);
--> statement-breakpoint
ALTER TABLE "depot_account" ADD COLUMN "sees_depot_ids" jsonb DEFAULT '[]'::jsonb;--> statement-breakpoint
CREATE INDEX "register_warning_open" ON "register_warning" USING btree ("depot_id","resolved_at");--> statement-breakpoint
CREATE INDEX "seen_thing_last" ON "seen_thing" USING btree ("last_seen_at");