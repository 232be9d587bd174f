CREATE TABLE "instruction_report" (
	"instruction_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"status" text NOT NULL,
	"detail" text,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "instruction_report_instruction_id_status_at_pk" PRIMARY KEY("instruction_id","status","at")
);
--> statement-breakpoint
ALTER TABLE "instruction" DROP CONSTRAINT "instruction_once";--> statement-breakpoint
ALTER TABLE "instruction" ADD COLUMN "intervals" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "instruction" ADD COLUMN "revision" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "instruction" ADD COLUMN "supersedes" uuid;--> statement-breakpoint
ALTER TABLE "instruction" ADD COLUMN "next_attempt_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "instruction_report" ADD CONSTRAINT "instruction_report_instruction_id_instruction_instruction_id_fk" FOREIGN KEY ("instruction_id") REFERENCES "public"."instruction"("instruction_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "instruction_live" ON "instruction" USING btree ("fu_id","product","from_at") WHERE state in ('planned', 'sent', 'unknown', 'acknowledged');--> statement-breakpoint
ALTER TABLE "instruction" ADD CONSTRAINT "instruction_once" UNIQUE("fu_id","product","from_at","revision");