CREATE TABLE "dispatch_timetable" (
	"product" text NOT NULL,
	"version" integer NOT NULL,
	"settings" jsonb NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"changed_by" text NOT NULL,
	CONSTRAINT "dispatch_timetable_product_version_pk" PRIMARY KEY("product","version")
);
