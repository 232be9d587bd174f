CREATE TABLE "received_limit" (
	"limit_id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"depot_id" text,
	"intervals" jsonb NOT NULL,
	"fail_safe_w" double precision,
	"issued_at" timestamp with time zone NOT NULL,
	"valid_until" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"outcome" text NOT NULL,
	"reason" text,
	"detail" text
);
--> statement-breakpoint
CREATE INDEX "received_limit_depot" ON "received_limit" USING btree ("depot_id","issued_at");