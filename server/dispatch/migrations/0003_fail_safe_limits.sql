CREATE TABLE "connection_limit" (
	"limit_id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"fsp_id" uuid NOT NULL,
	"cause" text NOT NULL,
	"policy_revision" integer NOT NULL,
	"intervals" jsonb NOT NULL,
	"fail_safe_w" double precision,
	"issued_at" timestamp with time zone NOT NULL,
	"valid_until" timestamp with time zone NOT NULL,
	"state" text NOT NULL,
	"acknowledged_at" timestamp with time zone,
	"next_attempt_at" timestamp with time zone,
	"reason" text,
	CONSTRAINT "connection_limit_once" UNIQUE("connection_id","fsp_id","issued_at")
);
--> statement-breakpoint
CREATE TABLE "fail_safe_policy" (
	"connection_id" uuid PRIMARY KEY NOT NULL,
	"on_breach" boolean NOT NULL,
	"on_link_lost" boolean NOT NULL,
	"fail_safe_w" double precision NOT NULL,
	"valid_minutes" integer NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "fail_safe_policy_range" CHECK (fail_safe_w >= 0 and valid_minutes >= 2)
);
--> statement-breakpoint
CREATE TABLE "limit_attempt" (
	"limit_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"outcome" text NOT NULL,
	CONSTRAINT "limit_attempt_limit_id_attempt_pk" PRIMARY KEY("limit_id","attempt")
);
--> statement-breakpoint
ALTER TABLE "limit_attempt" ADD CONSTRAINT "limit_attempt_limit_id_connection_limit_limit_id_fk" FOREIGN KEY ("limit_id") REFERENCES "public"."connection_limit"("limit_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "connection_limit_state" ON "connection_limit" USING btree ("state","valid_until");