CREATE TABLE "vehicle_statement" (
	"statement_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "vehicle_statement_statement_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"identity" text NOT NULL,
	"connector" integer,
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"vehicle_identity" text,
	"registration" text,
	"energy_wh" double precision,
	"least_a" double precision,
	"most_a" double precision,
	"state_of_charge_percent" double precision,
	"departure_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "charging_transaction" ADD COLUMN "unit_transaction_id" text;--> statement-breakpoint
ALTER TABLE "charging_transaction" ADD COLUMN "is_start_known" boolean DEFAULT true NOT NULL;--> statement-breakpoint
CREATE INDEX "vehicle_statement_unit" ON "vehicle_statement" USING btree ("identity","statement_id");--> statement-breakpoint
ALTER TABLE "charging_transaction" ADD CONSTRAINT "charging_transaction_of_unit" UNIQUE("identity","unit_transaction_id");