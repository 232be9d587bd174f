CREATE TABLE "delivery_reserve" (
	"reserve_id" uuid PRIMARY KEY NOT NULL,
	"fu_id" uuid NOT NULL,
	"node_id" text NOT NULL,
	"trading_day" date NOT NULL,
	"issued_at" timestamp with time zone NOT NULL,
	"issued_by" text NOT NULL,
	"units" jsonb NOT NULL,
	"instructions" integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX "delivery_reserve_unit" ON "delivery_reserve" USING btree ("fu_id","trading_day");