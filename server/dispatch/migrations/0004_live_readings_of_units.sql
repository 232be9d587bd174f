CREATE TABLE "live_reading" (
	"reading_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "live_reading_reading_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"fu_id" uuid NOT NULL,
	"der_id" uuid,
	"at" timestamp with time zone NOT NULL,
	"power_w" double precision NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "live_reading_once" UNIQUE NULLS NOT DISTINCT("fu_id","at","der_id")
);
--> statement-breakpoint
CREATE INDEX "live_reading_at" ON "live_reading" USING btree ("at");