CREATE TABLE "instruction" (
	"instruction_id" uuid PRIMARY KEY NOT NULL,
	"fu_id" uuid NOT NULL,
	"fsp_id" uuid NOT NULL,
	"product" text NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone NOT NULL,
	"turn_down_w" double precision NOT NULL,
	"state" text NOT NULL,
	"schedule_kind" text NOT NULL,
	"schedule_version" integer NOT NULL,
	"planned_at" timestamp with time zone NOT NULL,
	"issued_at" timestamp with time zone,
	"answered_at" timestamp with time zone,
	"acknowledged_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	"reason" text,
	CONSTRAINT "instruction_once" UNIQUE("fu_id","product","from_at"),
	CONSTRAINT "instruction_span_order" CHECK ("instruction"."from_at" < "instruction"."to_at")
);
--> statement-breakpoint
CREATE TABLE "instruction_attempt" (
	"instruction_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"action" text NOT NULL,
	"outcome" text NOT NULL,
	CONSTRAINT "instruction_attempt_instruction_id_attempt_pk" PRIMARY KEY("instruction_id","attempt")
);
--> statement-breakpoint
CREATE TABLE "dispatch_schedule" (
	"fu_id" uuid NOT NULL,
	"trading_day" date NOT NULL,
	"kind" text NOT NULL,
	"version" integer NOT NULL,
	"resolution" text NOT NULL,
	"values" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	CONSTRAINT "dispatch_schedule_fu_id_trading_day_kind_version_pk" PRIMARY KEY("fu_id","trading_day","kind","version")
);
--> statement-breakpoint
CREATE TABLE "schedule_selection" (
	"fu_id" uuid NOT NULL,
	"trading_day" date NOT NULL,
	"kind" text NOT NULL,
	"selected_at" timestamp with time zone NOT NULL,
	"selected_by" text NOT NULL,
	CONSTRAINT "schedule_selection_fu_id_trading_day_pk" PRIMARY KEY("fu_id","trading_day")
);
--> statement-breakpoint
CREATE TABLE "dispatch_cycle" (
	"product" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"lease_until" timestamp with time zone,
	"token" uuid,
	"done_at" timestamp with time zone,
	"outcome" text,
	"instructions" integer,
	CONSTRAINT "dispatch_cycle_product_starts_at_pk" PRIMARY KEY("product","starts_at")
);
--> statement-breakpoint
ALTER TABLE "instruction_attempt" ADD CONSTRAINT "instruction_attempt_instruction_id_instruction_instruction_id_fk" FOREIGN KEY ("instruction_id") REFERENCES "public"."instruction"("instruction_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "instruction_state" ON "instruction" USING btree ("state","from_at");--> statement-breakpoint
CREATE INDEX "instruction_span" ON "instruction" USING btree ("product","from_at");