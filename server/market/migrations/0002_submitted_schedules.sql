CREATE TABLE "submitted_schedule" (
	"fu_id" uuid NOT NULL,
	"trading_day" date NOT NULL,
	"kind" text NOT NULL,
	"revision" integer NOT NULL,
	"resolution" text NOT NULL,
	"values" jsonb NOT NULL,
	"submitted_at" timestamp with time zone NOT NULL,
	"submitted_by" text NOT NULL,
	CONSTRAINT "submitted_schedule_fu_id_trading_day_kind_revision_pk" PRIMARY KEY("fu_id","trading_day","kind","revision")
);
--> statement-breakpoint
CREATE INDEX "submitted_schedule_day" ON "submitted_schedule" USING btree ("trading_day","kind");