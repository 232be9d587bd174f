-- Until now there were only drafts, and a draft is prepared anew from what it is made of.
DELETE FROM "statement";
--> statement-breakpoint
CREATE TABLE "held_upload" (
	"hold_id" uuid PRIMARY KEY NOT NULL,
	"fsp_id" uuid NOT NULL,
	"fu_id" uuid NOT NULL,
	"upload" jsonb NOT NULL,
	"reasons" jsonb NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"received_from" text NOT NULL,
	"state" text NOT NULL,
	"decided_at" timestamp with time zone,
	"decided_by" text
);
--> statement-breakpoint
CREATE TABLE "meter_day" (
	"fu_id" uuid NOT NULL,
	"trading_day" date NOT NULL,
	"energy_wh" json NOT NULL,
	"revisions" json NOT NULL,
	CONSTRAINT "meter_day_fu_id_trading_day_pk" PRIMARY KEY("fu_id","trading_day")
);
--> statement-breakpoint
CREATE TABLE "contract_terms" (
	"contract_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"terms" jsonb NOT NULL,
	"set_at" timestamp with time zone NOT NULL,
	"set_by" text NOT NULL,
	CONSTRAINT "contract_terms_contract_id_version_pk" PRIMARY KEY("contract_id","version")
);
--> statement-breakpoint
CREATE TABLE "dispute" (
	"dispute_id" uuid PRIMARY KEY NOT NULL,
	"statement_id" uuid NOT NULL,
	"line_number" integer,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"raised_at" timestamp with time zone NOT NULL,
	"raised_by" text NOT NULL,
	"outcome" text,
	"decided_at" timestamp with time zone,
	"decided_by" text
);
--> statement-breakpoint
ALTER TABLE "statement" DROP CONSTRAINT "statement_once";--> statement-breakpoint
ALTER TABLE "statement" ADD COLUMN "delta" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "statement" ADD COLUMN "checked_by" text;--> statement-breakpoint
ALTER TABLE "statement" ADD COLUMN "approved_by" text;--> statement-breakpoint
ALTER TABLE "statement" ADD COLUMN "issued_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "statement_line" ADD COLUMN "contract_id" uuid NOT NULL;--> statement-breakpoint
ALTER TABLE "statement_line" ADD COLUMN "limit_wh" double precision;--> statement-breakpoint
ALTER TABLE "statement_line" ADD COLUMN "accuracy_factor" double precision NOT NULL;--> statement-breakpoint
ALTER TABLE "statement_line" ADD COLUMN "settled_gbp" numeric(12, 2) NOT NULL;--> statement-breakpoint
ALTER TABLE "statement_line" ADD COLUMN "previous_gbp" numeric(12, 2);--> statement-breakpoint
ALTER TABLE "statement_line" ADD COLUMN "terms" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "dispute" ADD CONSTRAINT "dispute_statement_id_statement_statement_id_fk" FOREIGN KEY ("statement_id") REFERENCES "public"."statement"("statement_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "held_upload_state" ON "held_upload" USING btree ("state","received_at");--> statement-breakpoint
CREATE INDEX "dispute_statement" ON "dispute" USING btree ("statement_id");--> statement-breakpoint
CREATE INDEX "statement_line_period" ON "statement_line" USING btree ("contract_id","from_at");--> statement-breakpoint
ALTER TABLE "statement" ADD CONSTRAINT "statement_once" UNIQUE("fsp_id","product","month","delta");