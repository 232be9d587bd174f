CREATE TABLE "export_status" (
	"connection_id" uuid PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"state_since" timestamp with time zone NOT NULL,
	"evaluated_at" timestamp with time zone NOT NULL,
	"export_w" double precision,
	"limit_w" double precision NOT NULL,
	"period_start" timestamp with time zone NOT NULL,
	"period_ws" double precision NOT NULL,
	"period_s" double precision NOT NULL,
	"breach_pending_at" timestamp with time zone,
	"at_risk" boolean NOT NULL,
	"risk_pending_at" timestamp with time zone
);
--> statement-breakpoint
DROP INDEX "breach_open_connection";--> statement-breakpoint
ALTER TABLE "breach" ADD COLUMN "direction" text DEFAULT 'import' NOT NULL;--> statement-breakpoint
ALTER TABLE "connection" ADD COLUMN "export_kva" double precision;--> statement-breakpoint
ALTER TABLE "export_status" ADD CONSTRAINT "export_status_connection_id_connection_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("connection_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "breach_open_connection" ON "breach" USING btree ("connection_id","direction") WHERE end_at is null and fu_id is null;--> statement-breakpoint
ALTER TABLE "breach" ADD CONSTRAINT "breach_direction" CHECK (direction in ('import', 'export'));--> statement-breakpoint
ALTER TABLE "connection" ADD CONSTRAINT "connection_export" CHECK (export_kva >= 0);