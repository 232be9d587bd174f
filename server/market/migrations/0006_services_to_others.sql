CREATE TABLE "service_to_others" (
	"service_id" uuid PRIMARY KEY NOT NULL,
	"fu_id" uuid NOT NULL,
	"fsp_id" uuid NOT NULL,
	"buyer" text NOT NULL,
	"service" text NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone NOT NULL,
	"reference" text NOT NULL,
	"registered_at" timestamp with time zone NOT NULL,
	"registered_by" text NOT NULL,
	"ended_at" timestamp with time zone,
	"ended_by" text,
	"reason" text,
	CONSTRAINT "service_to_others_span" CHECK (from_at <= to_at)
);
--> statement-breakpoint
CREATE INDEX "service_to_others_fu" ON "service_to_others" USING btree ("fu_id","from_at");--> statement-breakpoint
CREATE INDEX "service_to_others_fsp" ON "service_to_others" USING btree ("fsp_id","from_at");