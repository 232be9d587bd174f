CREATE TABLE "hand" (
	"hand_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "hand_hand_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"subject_type" text NOT NULL,
	"subject_id" text NOT NULL,
	"actor_id" text NOT NULL,
	"actor_kind" text NOT NULL,
	"did" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "proposal" (
	"proposal_id" uuid PRIMARY KEY NOT NULL,
	"operation" text NOT NULL,
	"title" text NOT NULL,
	"subject_type" text NOT NULL,
	"subject_id" text NOT NULL,
	"state" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"given" jsonb NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"proposed_at" timestamp with time zone NOT NULL,
	"proposed_by" text NOT NULL,
	"decided_at" timestamp with time zone,
	"decided_by" text,
	"reason" text
);
--> statement-breakpoint
CREATE INDEX "hand_subject" ON "hand" USING btree ("subject_type","subject_id");--> statement-breakpoint
CREATE UNIQUE INDEX "proposal_waiting" ON "proposal" USING btree ("operation","subject_type","subject_id") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "proposal_state" ON "proposal" USING btree ("state","proposed_at");