CREATE TABLE "conformance_fault" (
	"identity" text NOT NULL,
	"message" text NOT NULL,
	"field" text NOT NULL,
	"rule" text NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	CONSTRAINT "conformance_fault_identity_message_field_rule_pk" PRIMARY KEY("identity","message","field","rule")
);
--> statement-breakpoint
ALTER TABLE "charging_transaction" DROP CONSTRAINT "charging_transaction_once";--> statement-breakpoint
CREATE INDEX "charging_transaction_connector" ON "charging_transaction" USING btree ("identity","connector","start_at");