CREATE TABLE "hub_document" (
	"document_id" uuid PRIMARY KEY NOT NULL,
	"hub_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"title" text NOT NULL,
	"link" text,
	"file_name" text,
	"file_type" text,
	"file_bytes" integer,
	"sha256" text,
	"content" text,
	"added_at" timestamp with time zone NOT NULL,
	"added_by" text NOT NULL,
	"removed_at" timestamp with time zone,
	"removed_by" text
);
--> statement-breakpoint
CREATE TABLE "hub_installation" (
	"hub_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"record" jsonb NOT NULL,
	"saved_at" timestamp with time zone NOT NULL,
	"saved_by" text NOT NULL,
	CONSTRAINT "hub_installation_hub_id_version_pk" PRIMARY KEY("hub_id","version")
);
--> statement-breakpoint
ALTER TABLE "hub_document" ADD CONSTRAINT "hub_document_hub_id_hub_hub_id_fk" FOREIGN KEY ("hub_id") REFERENCES "public"."hub"("hub_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hub_installation" ADD CONSTRAINT "hub_installation_hub_id_hub_hub_id_fk" FOREIGN KEY ("hub_id") REFERENCES "public"."hub"("hub_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "hub_document_hub" ON "hub_document" USING btree ("hub_id");