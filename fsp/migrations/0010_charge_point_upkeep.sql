CREATE TABLE "meter_interval_check" (
	"identity" text PRIMARY KEY NOT NULL,
	"wanted_s" integer NOT NULL,
	"result" text NOT NULL,
	"checked_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "unit_command" (
	"command_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "unit_command_command_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"identity" text NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"outcome" text NOT NULL,
	"status" text
);
--> statement-breakpoint
CREATE TABLE "upkeep_report" (
	"report_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "upkeep_report_report_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"identity" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "unit_command_unit" ON "unit_command" USING btree ("identity","sent_at");--> statement-breakpoint
CREATE INDEX "upkeep_report_unit" ON "upkeep_report" USING btree ("identity","kind","report_id");