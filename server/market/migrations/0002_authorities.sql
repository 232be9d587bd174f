CREATE TABLE "mpan_authority" (
	"authority_id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid NOT NULL,
	"fsp_id" uuid NOT NULL,
	"mpan" text NOT NULL,
	"status" text NOT NULL,
	"valid_from" date NOT NULL,
	"valid_until" date,
	"given_by" text NOT NULL,
	"reference" text NOT NULL,
	"applied_at" timestamp with time zone NOT NULL,
	"applied_by" text NOT NULL,
	"decided_at" timestamp with time zone,
	"decided_by" text,
	"ended_at" timestamp with time zone,
	"ended_by" text,
	"reason" text,
	CONSTRAINT "mpan_authority_span" CHECK (valid_until is null or valid_from <= valid_until)
);
--> statement-breakpoint
CREATE INDEX "mpan_authority_mpan" ON "mpan_authority" USING btree ("mpan","fsp_id");--> statement-breakpoint
CREATE INDEX "mpan_authority_fsp" ON "mpan_authority" USING btree ("fsp_id","applied_at");--> statement-breakpoint
CREATE INDEX "mpan_authority_applied" ON "mpan_authority" USING btree ("applied_at");--> statement-breakpoint
CREATE UNIQUE INDEX "mpan_authority_pending_once" ON "mpan_authority" USING btree ("fsp_id","mpan") WHERE status = 'applied';