CREATE TABLE "charge_point_credential" (
	"identity" text PRIMARY KEY NOT NULL,
	"key_digest" text,
	"next_key_digest" text,
	"is_blocked" boolean NOT NULL,
	"changed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "security_event" (
	"event_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "security_event_event_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"source" text NOT NULL,
	"identity" text,
	"address" text,
	"event" text NOT NULL,
	"detail" text
);
--> statement-breakpoint
CREATE INDEX "security_event_received" ON "security_event" USING btree ("received_at");