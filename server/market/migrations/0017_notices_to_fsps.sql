CREATE TABLE "fsp_notice" (
	"notice_id" uuid PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"attempts" integer NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone,
	"last_error" text,
	"body" jsonb NOT NULL,
	"fsp_id" uuid NOT NULL,
	"target_id" uuid,
	"event" text NOT NULL,
	"subject" text NOT NULL,
	"owed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "fsp_notice_once" UNIQUE NULLS NOT DISTINCT("fsp_id","event","subject","target_id")
);
--> statement-breakpoint
CREATE TABLE "fsp_notice_target" (
	"target_id" uuid PRIMARY KEY NOT NULL,
	"fsp_id" uuid NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"address" text NOT NULL,
	"sealed_key" text,
	"active" boolean NOT NULL,
	"removed_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "fsp_notice" ADD CONSTRAINT "fsp_notice_fsp_id_fsp_fsp_id_fk" FOREIGN KEY ("fsp_id") REFERENCES "public"."fsp"("fsp_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fsp_notice" ADD CONSTRAINT "fsp_notice_target_id_fsp_notice_target_target_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."fsp_notice_target"("target_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fsp_notice_target" ADD CONSTRAINT "fsp_notice_target_fsp_id_fsp_fsp_id_fk" FOREIGN KEY ("fsp_id") REFERENCES "public"."fsp"("fsp_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "fsp_notice_due" ON "fsp_notice" USING btree ("due_at") WHERE state = 'owed';--> statement-breakpoint
CREATE INDEX "fsp_notice_latest" ON "fsp_notice" USING btree ("owed_at","notice_id");--> statement-breakpoint
CREATE INDEX "fsp_notice_fsp" ON "fsp_notice" USING btree ("fsp_id","owed_at","notice_id");--> statement-breakpoint
CREATE INDEX "fsp_notice_by_target" ON "fsp_notice" USING btree ("target_id");--> statement-breakpoint
CREATE INDEX "fsp_notice_target_fsp" ON "fsp_notice_target" USING btree ("fsp_id","name");