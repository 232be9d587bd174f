CREATE TABLE "customer_site" (
	"customer_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"since" timestamp with time zone NOT NULL,
	CONSTRAINT "customer_site_customer_id_connection_id_pk" PRIMARY KEY("customer_id","connection_id")
);
--> statement-breakpoint
CREATE TABLE "site_consent" (
	"consent_id" uuid PRIMARY KEY NOT NULL,
	"customer_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"fsp_id" uuid NOT NULL,
	"given_at" timestamp with time zone NOT NULL,
	"given_by" text NOT NULL,
	"until" date,
	"revoked_at" timestamp with time zone,
	"revoked_by" text
);
--> statement-breakpoint
CREATE TABLE "told_version" (
	"customer_id" uuid NOT NULL,
	"profile_id" uuid NOT NULL,
	"told_at" timestamp with time zone NOT NULL,
	CONSTRAINT "told_version_customer_id_profile_id_pk" PRIMARY KEY("customer_id","profile_id")
);
--> statement-breakpoint
ALTER TABLE "site_consent" ADD CONSTRAINT "site_consent_fsp_id_fsp_fsp_id_fk" FOREIGN KEY ("fsp_id") REFERENCES "public"."fsp"("fsp_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "customer_site_connection" ON "customer_site" USING btree ("connection_id");--> statement-breakpoint
CREATE INDEX "site_consent_site" ON "site_consent" USING btree ("connection_id","fsp_id");--> statement-breakpoint
CREATE INDEX "site_consent_fsp" ON "site_consent" USING btree ("fsp_id");--> statement-breakpoint
CREATE INDEX "site_consent_customer" ON "site_consent" USING btree ("customer_id");